using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Labels;

/// <summary>Collects the label spellings of records: the label of a text or an image, every tag of a sentence. Bounded.</summary>
public sealed class LabelScan
{
    /// <summary>More distinct spellings than this are no labels.</summary>
    public const int MaxDistinct = 10_000;

    private readonly Dictionary<string, long> counts = [];
    private long unlabelled;

    /// <summary>Counts the labels of a batch.</summary>
    /// <param name="batch">Records of the dataset.</param>
    /// <exception cref="ProblemException"><c>labels-too-many</c>.</exception>
    public void Add(RecordBatch batch)
    {
        foreach (var record in batch.Records)
        {
            switch (record)
            {
                case TextRecord text:
                    Add(text.Label);
                    break;
                case ImageRecord image:
                    Add(image.Label);
                    break;
                case WordsRecord { Tags: { } tags }:
                    foreach (var tag in tags)
                    {
                        Add(tag);
                    }

                    break;
                default:
                    unlabelled++;
                    break;
            }
        }
    }

    /// <summary>What was seen so far.</summary>
    /// <param name="complete">All records were added.</param>
    public LabelCounts ToCounts(bool complete) => new(new Dictionary<string, long>(counts), complete, unlabelled);

    /// <summary>Scans shards one after the other.</summary>
    /// <param name="format">The dataset's format.</param>
    /// <param name="source">The staged dataset.</param>
    /// <param name="description">What the format recognized.</param>
    /// <param name="shards">All shards of the plan, or the first ones.</param>
    /// <param name="complete">They are all of them.</param>
    /// <param name="cancellationToken">Stops the scan.</param>
    /// <exception cref="ProblemException"><c>labels-too-many</c>, or what the format throws.</exception>
    public static async Task<LabelCounts> RunAsync(
        IDatasetFormat format, IDataSource source, DatasetDescription description, IEnumerable<Shard> shards, bool complete, CancellationToken cancellationToken)
    {
        var scan = new LabelScan();
        foreach (var shard in shards)
        {
            await foreach (var batch in format.ReadAsync(source, description, shard, cancellationToken).ConfigureAwait(false))
            {
                scan.Add(batch);
            }
        }

        return scan.ToCounts(complete);
    }

    private void Add(string? label)
    {
        if (label is null)
        {
            unlabelled++;
            return;
        }

        if (!counts.TryGetValue(label, out var count) && counts.Count == MaxDistinct)
        {
            throw new ProblemException("labels-too-many", $"The label column has more than {MaxDistinct} different values, for example {LabelText.List(counts.Keys)}; it is probably not the label. Say which column is.");
        }

        counts[label] = count + 1;
    }
}
