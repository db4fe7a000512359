namespace AiAssignments.Inference.Scoring;

/// <summary>Softmax in double precision, the largest logit subtracted first.</summary>
internal static class Softmax
{
    /// <summary>Writes the probabilities.</summary>
    /// <param name="logits">Logits of one row.</param>
    /// <param name="probabilities">As many.</param>
    /// <returns><c>false</c> when a logit is not finite; nothing is written then.</returns>
    public static bool TryApply(ReadOnlySpan<float> logits, Span<float> probabilities)
    {
        var largest = float.NegativeInfinity;
        foreach (var logit in logits)
        {
            if (!float.IsFinite(logit))
            {
                return false;
            }

            largest = Math.Max(largest, logit);
        }

        var sum = 0.0;
        foreach (var logit in logits)
        {
            sum += Math.Exp((double)logit - largest);
        }

        for (var i = 0; i < logits.Length; i++)
        {
            probabilities[i] = (float)(Math.Exp((double)logits[i] - largest) / sum);
        }

        return true;
    }
}
