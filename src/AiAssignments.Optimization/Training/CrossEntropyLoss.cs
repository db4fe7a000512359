namespace AiAssignments.Optimization.Training;

/// <summary>Softmax and cross-entropy with one label a row, smoothed where asked for (Szegedy et al., 2016): in nats.</summary>
public sealed class CrossEntropyLoss : ILoss
{
    private readonly IReadOnlyList<int[]> labels;
    private readonly double smoothing;

    /// <summary>Takes the labels.</summary>
    /// <param name="labels">For each example the label of each row, 0-based.</param>
    /// <param name="smoothing">Share of the target spread evenly over all labels, 0 (default) to less than 1.</param>
    public CrossEntropyLoss(IReadOnlyList<int[]> labels, double smoothing = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(smoothing);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(smoothing, 1);
        this.labels = labels;
        this.smoothing = smoothing;
    }

    /// <summary>One label an example.</summary>
    /// <param name="labels">The label of each example, 0-based.</param>
    /// <param name="smoothing">As for the other constructor.</param>
    public CrossEntropyLoss(IEnumerable<int> labels, double smoothing = 0)
        : this([.. labels.Select(label => new[] { label })], smoothing)
    {
    }

    /// <inheritdoc />
    public double Evaluate(int example, int row, ReadOnlySpan<float> logits, Span<float> gradient)
    {
        var label = labels[example][row];
        double largest = logits[0];
        foreach (var logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        double sum = 0;
        foreach (var logit in logits)
        {
            sum += Math.Exp(logit - largest);
        }

        var logSum = Math.Log(sum);
        var even = smoothing / logits.Length;
        double loss = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            var logProbability = logits[i] - largest - logSum;
            var target = even + (i == label ? 1 - smoothing : 0);
            loss -= target * logProbability;
            gradient[i] = (float)(Math.Exp(logProbability) - target);
        }

        return loss;
    }

    /// <inheritdoc />
    public bool IsCorrect(int example, int row, ReadOnlySpan<float> logits)
    {
        var label = labels[example][row];
        for (var i = 0; i < logits.Length; i++)
        {
            if (logits[i] > logits[label] || (logits[i] == logits[label] && i < label))
            {
                return false;
            }
        }

        return true;
    }
}
