namespace AiAssignments.Inference.Scoring;

/// <summary>What a model says of one record.</summary>
/// <param name="Probabilities">Softmax of the logits: one row for a classification (labels), or one row a word for tagging (words x labels, row-major).</param>
/// <param name="Rows">1, or the number of words.</param>
/// <param name="Truncated">The text was cut to the model's longest input.</param>
public sealed record Prediction(float[] Probabilities, int Rows, bool Truncated)
{
    /// <summary>
    /// What the graph gave, shaped as <see cref="Probabilities"/>; <c>null</c> unless they were asked for. A word that gave no token has
    /// the logarithms of its probabilities, at least -30.
    /// </summary>
    public float[]? Logits { get; init; }

    /// <summary>Index of the largest probability of a row (the first of equals).</summary>
    /// <param name="row">Row.</param>
    public int Best(int row = 0)
    {
        var labels = Probabilities.Length / Rows;
        var best = 0;
        var values = Probabilities.AsSpan(row * labels, labels);
        for (var i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }

        return best;
    }
}
