namespace AiAssignments.Pipeline.Samples;

/// <summary>What the cards of all sample models say alike.</summary>
internal static class SampleCard
{
    public const string License = "MIT for the weights and the graph. The training data has terms of its own and is not part of the model, which holds no text or image of it.";

    /// <summary>The parts that hold, as one sentence.</summary>
    public static string Join(params (bool Holds, string Part)[] parts) =>
        string.Join("; ", parts.Where(part => part.Holds).Select(part => part.Part)) + ".";
}
