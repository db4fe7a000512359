namespace AiAssignments.Pipeline.Samples;

/// <summary>Indices of the examples to learn from, of those that decide when to stop, and of those that nothing was decided by: claims are measured there.</summary>
/// <param name="Training">To learn from.</param>
/// <param name="Stopping">To decide when to stop.</param>
/// <param name="Claims">To measure.</param>
internal sealed record ExampleSplit(int[] Training, int[] Stopping, int[] Claims)
{
    /// <summary>Every tenth example (the ninth of ten) for claims, every twentieth (the tenth) for stopping, in data order.</summary>
    public static ExampleSplit OfTen(int first, int count)
    {
        int[] all = [.. Enumerable.Range(first, count)];
        return new ExampleSplit(
            [.. all.Where(i => i % 10 != 8 && i % 20 != 19)],
            [.. all.Where(i => i % 20 == 19)],
            [.. all.Where(i => i % 10 == 8)]);
    }

    /// <summary>Both together.</summary>
    public ExampleSplit And(ExampleSplit other) =>
        new([.. Training, .. other.Training], [.. Stopping, .. other.Stopping], [.. Claims, .. other.Claims]);
}
