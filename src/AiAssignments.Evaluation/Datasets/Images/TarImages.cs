using System.Runtime.CompilerServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Batching;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Evaluation.Datasets.Tar;

namespace AiAssignments.Evaluation.Datasets.Images;

/// <summary>Images in a tar archive, in archive order; shards are byte ranges that begin at a header.</summary>
internal sealed class TarImages : IImageContainer
{
    /// <inheritdoc />
    public async ValueTask<ImageSurvey> SurveyAsync(IDataSource source, CancellationToken cancellationToken)
    {
        var survey = new ImageSurvey();
        var stream = new SeekableSourceStream(source);
        await using (stream.ConfigureAwait(false))
        {
            var tar = new TarReader(stream);
            while (await tar.NextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
            {
                if (ImageEntry.From(entry) is { } image)
                {
                    survey.Add(image);
                }
            }
        }

        return survey;
    }

    /// <inheritdoc />
    public async ValueTask<ShardPlan> PlanAsync(IDataSource source, int shardRecords, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        var cutter = new ShardCutter(shardRecords);
        var names = new EntryNames();
        long end = 0;
        var stream = new SeekableSourceStream(source);
        await using (stream.ConfigureAwait(false))
        {
            var tar = new TarReader(stream);
            while (await tar.NextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
            {
                if (ImageEntry.From(entry) is { } image)
                {
                    names.Add(image.Path, entry.HeaderOffset);
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
        return cutter.Finish(end, "The archive holds no image.");
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<ImageFile> ReadAsync(IDataSource source, Shard shard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = new SeekableSourceStream(source) { Position = shard.ByteStart };
        await using (stream.ConfigureAwait(false))
        {
            var tar = new TarReader(stream, shard.ByteStart);
            for (var done = 0; done < shard.RecordCount;)
            {
                var entry = await tar.NextAsync(cancellationToken).ConfigureAwait(false)
                    ?? throw new ProblemException("dataset-changed", "The archive ends before the shard does: it changed after it was planned.", $"byte {tar.Offset}");
                if (ImageEntry.From(entry) is not { } image)
                {
                    continue;
                }

                var position = new RecordPosition(shard.FirstRecord + done, entry.HeaderOffset, null, EntryPath.Show(entry.Name));
                done++;
                byte[]? content = null;
                if (image.Refusal is null)
                {
                    if (entry.End > source.Length)
                    {
                        throw new ProblemException("tar-truncated", "The tar archive ends inside an entry. Get the whole file again.", $"byte {source.Length}");
                    }

                    content = new byte[entry.Size];
                    await tar.ReadBlockwiseAsync(content, cancellationToken).ConfigureAwait(false);
                }

                yield return new ImageFile(position, image, content, image.Refusal);
            }
        }
    }
}
