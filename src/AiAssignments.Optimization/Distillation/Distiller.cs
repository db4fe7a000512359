using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Optimization.Distillation.Students;
using AiAssignments.Optimization.Distillation.Teachers;

namespace AiAssignments.Optimization.Distillation;

/// <summary>
/// Teaches a network what a teacher says of records: asks the teacher once, keeps its answers, trains a network a seed, keeps the best. Killed at any moment, it
/// goes on from its work folder and ends with the same weights.
/// </summary>
/// <typeparam name="TInput">What an example is to the network.</typeparam>
public sealed class Distiller<TInput>
{
    private const int LeastRecords = 20;
    private const int ChunkEntries = 1024;
    private const long MostLogitsInMemory = 1L << 26;

    private readonly ITeacher teacher;
    private readonly DistillationOptions options;
    private readonly string workFolder;

    /// <summary>Takes who teaches, and how.</summary>
    /// <param name="teacher">The teacher; with an alpha of 0 it is not asked.</param>
    /// <param name="options">How to teach.</param>
    /// <param name="workFolder">Folder of answers (<c>teacher</c>) and checkpoints (<c>training</c>); may be used for many runs, one at a time, and removed afterwards.</param>
    /// <exception cref="ProblemException"><c>distill-option</c>; <c>distill-labels-differ</c>: the student's labels are not the teacher's.</exception>
    public Distiller(ITeacher teacher, DistillationOptions options, string workFolder)
    {
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(workFolder);
        options.Validate();
        (this.teacher, this.options, this.workFolder) = (teacher, options, workFolder);
        Labels = options.Labels ?? teacher.Card.Labels;
        FromTeacher = TeacherOrder(Labels, teacher.Card);
    }

    /// <summary>The student's labels in the order of its logits.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The teacher's index of each of the student's labels.</summary>
    internal int[] FromTeacher { get; }

    /// <summary>Called at named moments between writes (<c>answers</c>, <c>step</c>, <c>checkpoint</c>), so that a test can stop there. Default: nothing.</summary>
    public Action<string>? Moment { get; init; }

    /// <summary>Runs, or goes on with, the whole.</summary>
    /// <param name="examples">What there is to learn from.</param>
    /// <param name="progress">Told of files of answers and of epochs.</param>
    /// <param name="cancellationToken">Stops between batches and steps; what was done is kept in the work folder.</param>
    /// <exception cref="ProblemException">
    /// <c>distill-no-labels</c>: no record has a label, and alpha is below 1; <c>distill-too-few-records</c>; <c>distill-teacher-answer</c>; <c>distill-diverged</c>.
    /// </exception>
    public async Task<DistilledNetwork<TInput>> RunAsync(
        DistillationExamples<TInput> examples, IProgress<DistillationProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (options.Alpha < 1 && !examples.Labels.Any(labels => labels is not null))
        {
            throw new ProblemException(
                "distill-no-labels",
                string.Create(CultureInfo.InvariantCulture, $"No record has a label, and alpha is {options.Alpha}; set it to 1 to learn from the teacher alone, or give labelled records."));
        }

        CheckCount(examples.Usable.Count(usable => usable));
        var shares = new DistillationShares(options, progress);
        var asked = 0;
        using var answers = options.Alpha > 0 ? await AskAsync().ConfigureAwait(false) : null;
        return await Task.Run(() => Teach(examples, answers, asked, shares, cancellationToken), cancellationToken).ConfigureAwait(false);

        async Task<TeacherLogits> AskAsync()
        {
            var before = 0;
            return await new TeacherCache(Path.Combine(workFolder, "teacher"), ChunkEntries, MostLogitsInMemory).FillAsync(
                teacher,
                examples.Inputs.Count,
                examples.ContentKey,
                FromTeacher,
                examples.TeacherRecords,
                (done, wasAsked) =>
                {
                    asked += wasAsked ? done - before : 0;
                    before = done;
                    Moment?.Invoke("answers");
                    shares.Answered(done, examples.Inputs.Count);
                },
                cancellationToken).ConfigureAwait(false);
        }
    }

    private DistilledNetwork<TInput> Teach(
        DistillationExamples<TInput> examples, TeacherLogits? answers, int asked, DistillationShares shares, CancellationToken cancellationToken)
    {
        var labels = examples.Labels;
        int[] usable = [.. Enumerable.Range(0, labels.Count).Where(IsUsable)];
        CheckCount(usable.Length);

        // A tagging's records are alike; what has a label is kept apart from what has none.
        var split = ValidationSplit.Draw(
            usable,
            record => labels[record] is [var label] ? label : labels[record] is null ? -1 : 0,
            record => examples.Contents?[record] ?? record,
            options.ValidationShare,
            options.SplitSeed);
        if (split.Validation.Length == 0 || split.Training.Length == 0)
        {
            throw TooFew(usable.Length);
        }

        var loss = new DistillationLoss(answers, labels, examples.Copies, options.Temperature, options.Alpha);
        var training = new StudentTraining<TInput>(
            examples.Create, options, examples.Inputs, loss, split, examples.Copies, Path.Combine(workFolder, "training"),
            $"1\n{teacher.ContentHash}\n{examples.ContentKey}\n{examples.TrainingKey}")
        {
            Moment = Moment,
        };
        var student = training.Run(shares.Trained, cancellationToken);
        examples.Finish?.Invoke(student.Network);
        var agreement = AgreementCount.Of(student.Network, examples, answers, split.Validation, cancellationToken);
        return new DistilledNetwork<TInput>(
            student.Network,
            new DistillationFacts
            {
                TrainingRecords = split.Training.Length,
                UnlabelledRecords = split.Training.Count(record => labels[record] is null),
                ValidationRecords = split.Validation.Length,
                SkippedRecords = labels.Count - usable.Length,
                Seed = student.Seed,
                StudentAccuracy = agreement.StudentAccuracy,
                TeacherAccuracy = agreement.TeacherAccuracy,
                Agreement = agreement.Agreement,
                TeacherAsked = asked,
            },
            student.Curves,
            split.Validation);

        bool IsUsable(int record)
        {
            if (!examples.Usable[record] || (options.Alpha == 0 && labels[record] is null))
            {
                return false;
            }

            // Every copy must have an answer, or a step would meet one without.
            return answers is null || Enumerable.Range(record * examples.Copies, examples.Copies).All(example => answers.RowsOf(example) > 0);
        }
    }

    private void CheckCount(int usable)
    {
        if (usable < Math.Max(LeastRecords, 2 * Labels.Count))
        {
            throw TooFew(usable);
        }
    }

    private ProblemException TooFew(int usable) => new(
        "distill-too-few-records",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{usable} records can be learned from; at least {Math.Max(LeastRecords, 2 * Labels.Count)} are needed for {Labels.Count} labels, and far more to learn well."));

    private static int[] TeacherOrder(IReadOnlyList<string> labels, Core.Models.ModelCard card)
    {
        var taught = card.Labels.ToList();
        int[] order = [.. labels.Select(label => taught.IndexOf(label))];
        if (order.Length != taught.Count || order.Contains(-1) || order.Distinct().Count() != order.Length)
        {
            throw new ProblemException(
                "distill-labels-differ",
                $"The student's labels ({Short(labels)}) are not the teacher's ({Short(taught)}); it needs each of them once, in any order.");
        }

        return order;

        static string Short(IReadOnlyList<string> names) => string.Join(", ", names.Take(8)) + (names.Count > 8 ? ", ..." : string.Empty);
    }
}
