namespace AiAssignments.Optimization.Training;

/// <summary>What training makes small. It knows the target of each example, be it a label or a distribution. Thread-safe.</summary>
public interface ILoss
{
    /// <summary>The loss of one row of logits and its gradient.</summary>
    /// <param name="example">Index of the example.</param>
    /// <param name="row">Row of the example: 0, or the word.</param>
    /// <param name="logits">The logits.</param>
    /// <param name="gradient">Receives the derivative of the loss by each logit.</param>
    /// <returns>The loss, 0 or more.</returns>
    double Evaluate(int example, int row, ReadOnlySpan<float> logits, Span<float> gradient);

    /// <summary>Whether the largest logit is the target's.</summary>
    /// <param name="example">Index of the example.</param>
    /// <param name="row">Row of the example.</param>
    /// <param name="logits">The logits.</param>
    bool IsCorrect(int example, int row, ReadOnlySpan<float> logits);
}
