using AiAssignments.Optimization.Distillation.Teachers;
using AiAssignments.Optimization.Training;

namespace AiAssignments.Optimization.Distillation;

/// <summary>
/// <c>a T² KL(softmax(teacher / T) ‖ softmax(student / T)) + (1 - a) cross-entropy</c> for each row, in nats (Hinton, Vinyals and Dean, "Distilling the
/// Knowledge in a Neural Network", 2015). An example without labels has the first part only.
/// </summary>
internal sealed class DistillationLoss : ILoss
{
    private readonly TeacherLogits? teacher;
    private readonly IReadOnlyList<int[]?> labels;
    private readonly int copies;
    private readonly double temperature;
    private readonly double alpha;

    /// <summary>Takes both targets.</summary>
    /// <param name="teacher">The teacher's logits by example; may be <c>null</c> where <paramref name="alpha"/> is 0.</param>
    /// <param name="labels">Labels of each record's rows; <c>null</c> for a record without.</param>
    /// <param name="copies">Examples a record: example <c>i</c> has the labels of record <c>i / copies</c>.</param>
    /// <param name="temperature">T, above 0.</param>
    /// <param name="alpha">a, 0 to 1.</param>
    public DistillationLoss(TeacherLogits? teacher, IReadOnlyList<int[]?> labels, int copies, double temperature, double alpha)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(temperature);
        ArgumentOutOfRangeException.ThrowIfNegative(alpha);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(alpha, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        if (teacher is null && alpha > 0)
        {
            throw new ArgumentNullException(nameof(teacher), "A teacher is needed where alpha is above 0.");
        }

        (this.teacher, this.labels, this.copies, this.temperature, this.alpha) = (teacher, labels, copies, temperature, alpha);
    }

    /// <inheritdoc />
    public double Evaluate(int example, int row, ReadOnlySpan<float> logits, Span<float> gradient)
    {
        gradient.Clear();
        Span<double> own = logits.Length <= 256 ? stackalloc double[logits.Length] : new double[logits.Length];
        double loss = 0;
        if (alpha > 0)
        {
            Span<float> taught = logits.Length <= 256 ? stackalloc float[logits.Length] : new float[logits.Length];
            Span<double> wanted = logits.Length <= 256 ? stackalloc double[logits.Length] : new double[logits.Length];
            teacher!.Read(example, row, taught);
            LogSoftmax(taught, temperature, wanted);
            LogSoftmax(logits, temperature, own);
            for (var i = 0; i < logits.Length; i++)
            {
                var share = Math.Exp(wanted[i]);
                loss += alpha * temperature * temperature * share * (wanted[i] - own[i]);

                // The derivative of KL by a logit has a factor 1 / T, of which T² leaves T.
                gradient[i] += (float)(alpha * temperature * (Math.Exp(own[i]) - share));
            }
        }

        if (labels[example / copies] is not { } known || alpha >= 1)
        {
            return loss;
        }

        LogSoftmax(logits, 1, own);
        var label = known[row];
        for (var i = 0; i < logits.Length; i++)
        {
            gradient[i] += (float)((1 - alpha) * (Math.Exp(own[i]) - (i == label ? 1 : 0)));
        }

        return loss - ((1 - alpha) * own[label]);
    }

    /// <inheritdoc />
    /// <remarks>Without a label, the teacher's largest logit stands for it.</remarks>
    public bool IsCorrect(int example, int row, ReadOnlySpan<float> logits)
    {
        if (labels[example / copies] is { } known)
        {
            return ArgMax(logits) == known[row];
        }

        return teacher is not null && Agrees(example, row, logits);
    }

    /// <summary>Whether the student's largest logit is the teacher's.</summary>
    public bool Agrees(int example, int row, ReadOnlySpan<float> logits)
    {
        var taught = new float[logits.Length];
        teacher!.Read(example, row, taught);
        return ArgMax(taught) == ArgMax(logits);
    }

    /// <summary>The first of the largest.</summary>
    internal static int ArgMax(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    private static void LogSoftmax(ReadOnlySpan<float> logits, double temperature, Span<double> result)
    {
        double largest = logits[0];
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        double sum = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            result[i] = (logits[i] - largest) / temperature;
            sum += Math.Exp(result[i]);
        }

        var logSum = Math.Log(sum);
        for (var i = 0; i < result.Length; i++)
        {
            result[i] -= logSum;
        }
    }
}
