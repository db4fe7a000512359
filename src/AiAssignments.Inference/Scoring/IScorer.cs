using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;

namespace AiAssignments.Inference.Scoring;

/// <summary>A loaded model version that scores records. Thread-safe.</summary>
public interface IScorer : IDisposable
{
    /// <summary>The model's card.</summary>
    ModelCard Card { get; }

    /// <summary>
    /// Scores the records of a shard: tokenizes (or decodes), sorts by length, runs batches bounded by padded tokens, and gives results back in the order given.
    /// The numbers depend on the records given together and on nothing else (not on timing, not on other calls).
    /// </summary>
    /// <param name="records">The records, all of the model's task.</param>
    /// <param name="onBatch">Told each batch's rows and run time, from any thread.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    Task<IReadOnlyList<ScoredRecord>> ScoreAsync(IReadOnlyList<DatasetRecord> records, Action<int, TimeSpan>? onBatch, CancellationToken cancellationToken);
}
