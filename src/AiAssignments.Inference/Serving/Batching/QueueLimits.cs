namespace AiAssignments.Inference.Serving.Batching;

/// <summary>The bounds of one model's queue.</summary>
/// <param name="Model">Model name, for figures and messages.</param>
/// <param name="Version">Its version.</param>
/// <param name="Capacity">Most rows that wait, those announced included.</param>
/// <param name="MostConcurrent">Most batches of this model at once.</param>
/// <param name="MostPadding">Most of a batch's ids that may be padding, 0..1.</param>
/// <param name="Delay">How long a batch that is not full waits for more.</param>
internal sealed record QueueLimits(string Model, string Version, int Capacity, int MostConcurrent, double MostPadding, TimeSpan Delay)
{
    /// <summary>Rows of one request whose turn is in the same batch. A list gets so many turns ahead of a single row that comes later, and no more.</summary>
    public const int RowsATurn = 4;
}
