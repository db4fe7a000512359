using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving;
using AiAssignments.Pipeline.Models;

namespace AiAssignments.Pipeline.Remote;

/// <summary>
/// Scores a version's records on inference servers, a bounded number a request. A full queue is waited for, a little while here and then, by what calls this, for as long
/// as it takes: it is no failure.
/// </summary>
/// <param name="version">The version.</param>
/// <param name="server">The inference servers; not owned.</param>
/// <param name="time">The clock.</param>
/// <param name="served">What the version is called there; <c>null</c>: as it is here.</param>
public sealed class RemoteScorer(ModelVersion version, IModelServer server, TimeProvider time, ModelKey? served = null) : IScorer
{
    /// <summary>Most records of one request.</summary>
    public const int MostRecords = 64;

    /// <summary>Most bytes of content of one request, but for one record that is larger by itself.</summary>
    public const long MostBytes = 8 << 20;

    /// <summary>How long a full queue is waited for before <c>queue-full</c> goes to the caller, who need not hold a process meanwhile.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan WithoutWord = TimeSpan.FromSeconds(1);

    private readonly ModelKey there = served ?? new ModelKey(version.Card.Name, version.Card.Version);

    /// <inheritdoc />
    public ModelCard Card => version.Card;

    /// <inheritdoc />
    /// <exception cref="ProblemException"><c>queue-full</c>, with when to ask again; <c>server-unavailable</c>; what the servers refuse.</exception>
    public async Task<IReadOnlyList<ScoredRecord>> ScoreAsync(IReadOnlyList<DatasetRecord> records, Action<int, TimeSpan>? onBatch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        var scored = new List<ScoredRecord>(records.Count);
        for (var first = 0; first < records.Count;)
        {
            var batch = Batch(records, first);
            var served = await AskAsync(batch, cancellationToken).ConfigureAwait(false);
            scored.AddRange(served.Records);
            onBatch?.Invoke(batch.Count, served.Timing.Inference);
            first += batch.Count;
        }

        return scored;
    }

    /// <inheritdoc />
    public void Dispose()
    {
    }

    private static List<DatasetRecord> Batch(IReadOnlyList<DatasetRecord> records, int first)
    {
        var batch = new List<DatasetRecord>();
        var bytes = 0L;
        for (var index = first; index < records.Count && batch.Count < MostRecords; index++)
        {
            bytes += SizeOf(records[index]);
            if (batch.Count > 0 && bytes > MostBytes)
            {
                break;
            }

            batch.Add(records[index]);
        }

        return batch;
    }

    private static long SizeOf(DatasetRecord record) => record switch
    {
        ImageRecord image => image.Content.Length,
        TextRecord text => text.Text.Length + (text.Pair?.Length ?? 0),
        WordsRecord words => words.Words.Sum(word => (long)word.Length),
        _ => 0,
    };

    private async Task<ServedPredictions> AskAsync(List<DatasetRecord> batch, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await server.PredictAsync(there.Name, there.Version, batch, ServeOptions.Default, cancellationToken).ConfigureAwait(false);
            }
            catch (ProblemException full) when (full.Problem.Code == "queue-full" && time.GetElapsedTime(start) + (full.RetryAfter ?? WithoutWord) < Patience)
            {
                await Task.Delay(full.RetryAfter ?? WithoutWord, time, cancellationToken).ConfigureAwait(false);
            }
            catch (ProblemException passing) when (passing.RetryAfter is null && passing.Problem.Code is "server-unavailable" or "deadline-exceeded" or "model-draining")
            {
                // For who calls this to try again: a server is started, replaced or scaled to zero without the evaluation being wrong.
                throw new ProblemException(passing.Problem, passing) { RetryAfter = WithoutWord };
            }
        }
    }
}
