using AiAssignments.Optimization.Distillation.Teachers;
using AiAssignments.Optimization.Training;

namespace AiAssignments.Optimization.Distillation;

/// <summary>How often a student is right, its teacher is right, and both say the same, over rows.</summary>
internal readonly record struct AgreementCount(long Rows, long Labelled, long StudentRight, long TeacherRight, long Same, bool HasTeacher)
{
    public double? StudentAccuracy => Labelled == 0 ? null : (double)StudentRight / Labelled;

    public double? TeacherAccuracy => Labelled == 0 || !HasTeacher ? null : (double)TeacherRight / Labelled;

    public double? Agreement => Rows == 0 || !HasTeacher ? null : (double)Same / Rows;

    /// <summary>Counts over records, each as it is (no copies).</summary>
    public static AgreementCount Of<TInput>(
        Network<TInput> network, DistillationExamples<TInput> examples, TeacherLogits? answers, IReadOnlyList<int> records, CancellationToken cancellationToken)
    {
        var count = new AgreementCount(0, 0, 0, 0, 0, answers is not null);
        var pass = network.CreatePass();
        var taught = new float[network.Labels];
        foreach (var record in records)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var example = record * examples.Copies;
            var logits = pass.Forward(examples.Inputs[example], null);
            var known = examples.Labels[record];
            for (var row = 0; row * network.Labels < logits.Length; row++)
            {
                var own = DistillationLoss.ArgMax(logits.Slice(row * network.Labels, network.Labels));
                answers?.Read(example, row, taught);
                var teachers = answers is null ? -1 : DistillationLoss.ArgMax(taught);
                var label = known is null ? -1 : known[row];
                count = count with
                {
                    Rows = count.Rows + 1,
                    Labelled = count.Labelled + (known is null ? 0 : 1),
                    StudentRight = count.StudentRight + (known is not null && own == label ? 1 : 0),
                    TeacherRight = count.TeacherRight + (known is not null && teachers == label ? 1 : 0),
                    Same = count.Same + (own == teachers ? 1 : 0),
                };
            }
        }

        return count;
    }
}
