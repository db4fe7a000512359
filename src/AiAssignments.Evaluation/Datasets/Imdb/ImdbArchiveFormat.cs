using System.Globalization;
using System.Runtime.CompilerServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Batching;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Evaluation.Datasets.Tar;

namespace AiAssignments.Evaluation.Datasets.Imdb;

/// <summary>
/// The Large Movie Review Dataset in its official layout, <c>aclImdb/{train,test}/{pos,neg}/ID_RATING.txt</c>, inside a tar archive
/// (Maas et al. 2011). Labels are <c>positive</c> and <c>negative</c>, as its README calls the two folders. The unlabelled reviews
/// (<c>unsup</c>) and all other files are passed over. Columns to slice by: <c>split</c> and <c>rating</c>.
/// </summary>
public sealed class ImdbArchiveFormat : IDatasetFormat
{
    // The longest review has 14 KB.
    private const int MaxReviewBytes = 4 * 1024 * 1024;

    // The official archive begins with folders and a few index files; reviews come long before this many entries.
    private const int EntriesLookedAt = 5000;

    private static readonly string[] OfferedColumns = ["split", "rating"];

    /// <inheritdoc />
    public string Name => "imdb";

    /// <inheritdoc />
    public async ValueTask<DatasetDescription?> RecognizeAsync(IDataSource source, DatasetOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(options);
        var asked = options.Format == Name;
        if (options.Format is not null && !asked)
        {
            return null;
        }

        if (!await TarSniffer.IsTarAsync(source, cancellationToken).ConfigureAwait(false))
        {
            return asked
                ? throw new ProblemException("imdb-not-recognized", "This is not a tar archive: the aclImdb folder packed as tar or tar.gz is needed.")
                : null;
        }

        if (!await HasReviewAsync(source, cancellationToken).ConfigureAwait(false))
        {
            return asked
                ? throw new ProblemException("imdb-not-recognized", "The archive has no aclImdb/{train,test}/{pos,neg}/ID_RATING.txt.")
                : null;
        }

        return new DatasetDescription
        {
            Format = Name,
            Layout = "IMDB reviews",
            Task = ModelTask.TextClassification,
            Columns = OfferedColumns,
            SliceColumns = SliceSelection.Check(options.SliceColumns, OfferedColumns, Name),
            LabelNames = ["negative", "positive"],
            Details = new Dictionary<string, string>
            {
                ["labels"] = "pos is positive, neg is negative, as the dataset's README says",
                ["ignored"] = "unsup (reviews without a label), and every file that is not a review",
            },
        };
    }

    /// <inheritdoc />
    public async ValueTask<ShardPlan> PlanAsync(
        IDataSource source, DatasetDescription description, int shardRecords, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        var cutter = new ShardCutter(shardRecords);
        var names = new EntryNames();
        long end = 0;
        var stream = new SeekableSourceStream(source);
        await using (stream.ConfigureAwait(false))
        {
            var tar = new TarReader(stream);
            while (await tar.NextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
            {
                if (IsRecord(entry))
                {
                    names.Add(entry.Name, entry.HeaderOffset);
                    cutter.Begin(entry.HeaderOffset);
                    end = entry.End;
                    if (cutter.Records % 512 == 0)
                    {
                        progress?.Report(end);
                    }
                }
            }
        }

        progress?.Report(source.Length);
        return cutter.Finish(end, "The archive holds no review: aclImdb/{train,test}/{pos,neg}/ID_RATING.txt is needed.");
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        IDataSource source, DatasetDescription description, Shard shard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(shard);
        var slices = description.SliceColumns.Select(column => Array.IndexOf(OfferedColumns, column)).ToArray();
        var batch = new BatchBuilder();
        var buffer = Array.Empty<byte>();
        var stream = new SeekableSourceStream(source) { Position = shard.ByteStart };
        await using (stream.ConfigureAwait(false))
        {
            var tar = new TarReader(stream, shard.ByteStart);
            for (var done = 0; done < shard.RecordCount;)
            {
                var entry = await tar.NextAsync(cancellationToken).ConfigureAwait(false)
                    ?? throw new ProblemException("dataset-changed", "The archive ends before the shard does: it changed after it was planned.", $"byte {tar.Offset}");
                if (!IsRecord(entry))
                {
                    continue;
                }

                var position = new RecordPosition(shard.FirstRecord + done, entry.HeaderOffset, null, EntryPath.Show(entry.Name));
                done++;
                if (Refuse(entry, out var review) is { } refusal)
                {
                    batch.Add(position, refusal.Code, refusal.Message);
                }
                else
                {
                    var size = (int)entry.Size;
                    buffer = buffer.Length < size ? new byte[Math.Max(size, 16 * 1024)] : buffer;
                    await tar.ReadBlockwiseAsync(buffer.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
                    AddReview(batch, position, entry, review!, buffer.AsSpan(0, size), slices);
                }

                if (batch.IsFull)
                {
                    yield return batch.Take();
                }
            }
        }

        if (!batch.IsEmpty)
        {
            yield return batch.Take();
        }
    }

    private static void AddReview(BatchBuilder batch, RecordPosition position, TarEntry entry, ImdbReview review, ReadOnlySpan<byte> content, int[] slices)
    {
        if (!StrictText.TryDecode(content, out var text, out var code, out var badAt))
        {
            batch.Add(position, code, StrictText.Describe(code, content[badAt], entry.DataOffset + badAt));
            return;
        }

        var values = slices.Length == 0
            ? []
            : Array.ConvertAll(slices, slice => slice == 0 ? review.Split : review.Rating.ToString(CultureInfo.InvariantCulture));
        batch.Add(new TextRecord(position, text, null, review.Positive ? "positive" : "negative", values), content.Length);
    }

    private static async ValueTask<bool> HasReviewAsync(IDataSource source, CancellationToken cancellationToken)
    {
        var stream = new SeekableSourceStream(source);
        await using (stream.ConfigureAwait(false))
        {
            var tar = new TarReader(stream);
            try
            {
                for (var i = 0; i < EntriesLookedAt && await tar.NextAsync(cancellationToken).ConfigureAwait(false) is { } entry; i++)
                {
                    if (entry.Kind == TarEntryKind.File && EntryPath.TrySplit(entry.Name, out var segments, out _)
                        && ImdbReview.FromPath(segments) is { Rating: >= 0 })
                    {
                        return true;
                    }
                }
            }
            catch (ProblemException)
            {
                // Damaged before the first review: whichever format the head shows will say so when it plans.
            }

            return false;
        }
    }

    // Links and climbing paths count as (bad) records: what an archive tries to smuggle in must show in the report.
    private static bool IsRecord(TarEntry entry) => entry.Kind switch
    {
        TarEntryKind.File => !EntryPath.TrySplit(entry.Name, out var segments, out _) || ImdbReview.FromPath(segments) is not null,
        TarEntryKind.Link => true,
        _ => false,
    };

    private static Problem? Refuse(TarEntry entry, out ImdbReview? review)
    {
        review = null;
        if (entry.Kind == TarEntryKind.Link)
        {
            return new Problem("archive-link", "A link: only regular files are read.");
        }

        if (!EntryPath.TrySplit(entry.Name, out var segments, out var reason))
        {
            return new Problem("archive-path-escape", $"The entry's path is refused: {reason}.");
        }

        review = ImdbReview.FromPath(segments)!;
        return review switch
        {
            { Rating: < 0 } => new Problem("imdb-file-name", "The file name is not ID_RATING.txt with a rating of 0 to 10."),
            { Positive: true, Rating: < 7 } or { Positive: false, Rating: > 4 } => new Problem(
                "imdb-rating-contradiction",
                $"A rating of {review.Rating} in {(review.Positive ? "pos" : "neg")}: the dataset's positive reviews have 7 or more, its negative ones 4 or less."),
            _ when entry.Size == 0 => new Problem("text-empty", "The review is empty."),
            _ when entry.Size > MaxReviewBytes => new Problem("text-too-large", $"The review has {entry.Size} bytes; at most {MaxReviewBytes} are read."),
            _ => null,
        };
    }
}
