using System.Runtime.CompilerServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Evaluation.Datasets.Tar;
using AiAssignments.Evaluation.Datasets.Zip;

namespace AiAssignments.Evaluation.Datasets.Images;

/// <summary>Images in a zip archive, sorted by path; shards are ranges of ordinals in that order.</summary>
internal sealed class ZipImages : IImageContainer
{
    // All entries together: far above any dataset for one machine, far below what a bomb of nested claims reaches.
    private const long MaxTotalBytes = 1L << 40;

    // Recognizing, planning and reading shards of one opened archive need the same list; it lives no longer than the source.
    private static readonly ConditionalWeakTable<IDataSource, List<(ZipEntry Entry, ImageEntry Image)>> Listed = [];

    /// <inheritdoc />
    public async ValueTask<ImageSurvey> SurveyAsync(IDataSource source, CancellationToken cancellationToken)
    {
        var survey = new ImageSurvey();
        foreach (var (_, image) in await ListAsync(source, cancellationToken).ConfigureAwait(false))
        {
            survey.Add(image);
        }

        return survey;
    }

    /// <inheritdoc />
    public async ValueTask<ShardPlan> PlanAsync(IDataSource source, int shardRecords, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardRecords);
        var count = (await ListAsync(source, cancellationToken).ConfigureAwait(false)).Count;
        if (count == 0)
        {
            throw new ProblemException("dataset-empty", "The archive holds no image.");
        }

        var shards = new List<Shard>();
        for (long first = 0; first < count; first += shardRecords)
        {
            var records = (int)Math.Min(shardRecords, count - first);
            shards.Add(new Shard(shards.Count, first, first + records, first, records));
        }

        progress?.Report(source.Length);
        return new ShardPlan(shards, count);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<ImageFile> ReadAsync(IDataSource source, Shard shard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entries = await ListAsync(source, cancellationToken).ConfigureAwait(false);
        if (shard.FirstRecord + shard.RecordCount > entries.Count)
        {
            throw new ProblemException("dataset-changed", "The archive ends before the shard does: it changed after it was planned.");
        }

        var stream = new SeekableSourceStream(source);
        await using (stream.ConfigureAwait(false))
        {
            for (var i = (int)shard.FirstRecord; i < shard.FirstRecord + shard.RecordCount; i++)
            {
                var (entry, image) = entries[i];
                var position = new RecordPosition(i, entry.HeaderOffset, null, EntryPath.Show(entry.Name));
                var problem = image.Refusal;
                if (problem is null && i > 0 && entries[i - 1].Image.Path == image.Path)
                {
                    problem = new Problem("archive-duplicate-entry", "The archive holds this path more than once; the first one is read.");
                }

                byte[]? content = null;
                if (problem is null)
                {
                    (content, problem) = await ZipContent.ReadAsync(stream, entry, cancellationToken).ConfigureAwait(false);
                }

                yield return new ImageFile(position, image, content, problem);
            }
        }
    }

    private static async ValueTask<List<(ZipEntry Entry, ImageEntry Image)>> ListAsync(IDataSource source, CancellationToken cancellationToken)
    {
        if (Listed.TryGetValue(source, out var known))
        {
            return known;
        }

        var list = new List<(ZipEntry Entry, ImageEntry Image)>();
        long total = 0;
        foreach (var entry in await ZipDirectory.ReadAsync(source, cancellationToken).ConfigureAwait(false))
        {
            if (ImageEntry.From(entry) is { } image)
            {
                list.Add((entry, image));
                total += image.Refusal is null ? entry.Size : 0;
            }
        }

        if (total > MaxTotalBytes)
        {
            throw new ProblemException("archive-too-large", $"The archive claims to inflate to {total} bytes; at most {MaxTotalBytes} are read.");
        }

        list.Sort((a, b) => string.CompareOrdinal(a.Image.Path, b.Image.Path) is var order && order != 0
            ? order
            : a.Entry.HeaderOffset.CompareTo(b.Entry.HeaderOffset));
        Listed.AddOrUpdate(source, list);
        return list;
    }
}
