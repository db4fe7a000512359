using System.Globalization;
using System.Runtime.CompilerServices;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Evaluation.Datasets.Batching;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Evaluation.Datasets.Tar;

namespace AiAssignments.Evaluation.Datasets.Cifar;

/// <summary>
/// CIFAR-10's binary version (Krizhevsky 2009): records of 3,073 bytes, a label 0..9 and three planes (red, green, blue) of 32 x 32.
/// Reads one batch file, or a tar archive of <c>cifar-10-batches-bin</c>, whose <c>batches.meta.txt</c> declares the class names.
/// Column to slice by, in an archive: <c>file</c>.
/// </summary>
public sealed class Cifar10Format : IDatasetFormat
{
    private const int RecordsLookedAt = 64;
    private const int RecordsOfABatch = 256;

    private static readonly RawImage Shape = new(32, 32, 3, ChannelMajor: true);

    /// <inheritdoc />
    public string Name => "cifar10";

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

        if (await TarSniffer.IsTarAsync(source, cancellationToken).ConfigureAwait(false))
        {
            return await RecognizeTarAsync(source, options, asked, cancellationToken).ConfigureAwait(false);
        }

        if (source.Length < CifarLayout.RecordBytes)
        {
            return asked || CifarLayout.IsBatchFile(source.Name) ? Describe(options, CifarLayout.OfFile(source), "file") : null;
        }

        // Few records prove little, and a length that does not fit proves nothing: then the name must speak for it too.
        var records = source.Length / CifarLayout.RecordBytes;
        var fits = source.Length % CifarLayout.RecordBytes == 0;
        var named = source.Name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase);
        if (!asked && !((fits && records >= RecordsLookedAt) || named))
        {
            return null;
        }

        var good = await CountGoodLabelsAsync(source, records, cancellationToken).ConfigureAwait(false);
        var looked = Math.Min(records, RecordsLookedAt);
        return asked || good >= Math.Ceiling(looked * 0.9) ? Describe(options, CifarLayout.OfFile(source), "file") : null;
    }

    /// <inheritdoc />
    public async ValueTask<ShardPlan> PlanAsync(
        IDataSource source, DatasetDescription description, int shardRecords, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardRecords);
        var layout = await LayoutAsync(source, description, cancellationToken).ConfigureAwait(false);
        if (layout.Records == 0)
        {
            throw new ProblemException("dataset-empty", $"There is no record of {CifarLayout.RecordBytes} bytes in it.");
        }

        var shards = new List<Shard>();
        for (long first = 0; first < layout.Records; first += shardRecords)
        {
            var count = (int)Math.Min(shardRecords, layout.Records - first);
            var next = first + count;
            var end = next < layout.Records ? OffsetOf(layout, next) : OffsetOf(layout, next - 1) + CifarLayout.RecordBytes;
            shards.Add(new Shard(shards.Count, OffsetOf(layout, first), end, first, count));
        }

        progress?.Report(source.Length);
        return new ShardPlan(shards, layout.Records);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        IDataSource source, DatasetDescription description, Shard shard, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(description);
        ArgumentNullException.ThrowIfNull(shard);
        var layout = await LayoutAsync(source, description, cancellationToken).ConfigureAwait(false);
        var end = shard.FirstRecord + shard.RecordCount;
        if (end > layout.Records)
        {
            throw new ProblemException("dataset-changed", "The dataset ends before the shard does: it changed after it was planned.");
        }

        var stream = new SeekableSourceStream(source);
        await using (stream.ConfigureAwait(false))
        {
            for (var next = shard.FirstRecord; next < end;)
            {
                var segment = SegmentOf(layout, next);
                var count = (int)Math.Min(Math.Min(RecordsOfABatch, end - next), segment.FirstRecord + segment.Records - next);
                var offset = OffsetOf(layout, next);
                var bytes = new byte[count * CifarLayout.RecordBytes];
                stream.Position = offset;
                await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
                yield return Decode(bytes, next, offset, segment.Entry, description.SliceColumns.Count);
                next += count;
            }
        }
    }

    private static RecordBatch Decode(byte[] bytes, long first, long offset, string? entry, int slices)
    {
        var records = new List<DatasetRecord>(bytes.Length / CifarLayout.RecordBytes);
        var errors = new List<RecordError>();
        var values = slices == 0 ? [] : Enumerable.Repeat(entry ?? string.Empty, slices).ToArray();
        for (var at = 0; at < bytes.Length; at += CifarLayout.RecordBytes)
        {
            var position = new RecordPosition(first + (at / CifarLayout.RecordBytes), offset + at, null, entry);
            if (bytes[at] >= CifarLayout.Classes)
            {
                errors.Add(new RecordError(position, "cifar-label", $"The label byte is {bytes[at]}; 0 to 9 are needed."));
            }
            else
            {
                var pixels = bytes.AsMemory(at + 1, CifarLayout.RecordBytes - 1);
                records.Add(new ImageRecord(position, pixels, Shape, bytes[at].ToString(CultureInfo.InvariantCulture), values));
            }
        }

        return new RecordBatch(records, errors);
    }

    private static async ValueTask<int> CountGoodLabelsAsync(IDataSource source, long records, CancellationToken cancellationToken)
    {
        var good = 0;
        var looked = Math.Min(records, RecordsLookedAt);
        var label = new byte[1];
        var stream = new SeekableSourceStream(source);
        await using (stream.ConfigureAwait(false))
        {
            for (long i = 0; i < looked; i++)
            {
                stream.Position = records / looked * i * CifarLayout.RecordBytes;
                await stream.ReadExactlyAsync(label, cancellationToken).ConfigureAwait(false);
                good += label[0] < CifarLayout.Classes ? 1 : 0;
            }
        }

        return good;
    }

    private static ValueTask<CifarLayout> LayoutAsync(IDataSource source, DatasetDescription description, CancellationToken cancellationToken) =>
        description.Details.GetValueOrDefault("container") == "tar"
            ? CifarLayout.OfTarAsync(source, cancellationToken)
            : new(CifarLayout.OfFile(source));

    private static CifarSegment SegmentOf(CifarLayout layout, long record) =>
        layout.Segments.First(segment => record < segment.FirstRecord + segment.Records);

    private static long OffsetOf(CifarLayout layout, long record)
    {
        var segment = SegmentOf(layout, record);
        return segment.Start + ((record - segment.FirstRecord) * CifarLayout.RecordBytes);
    }

    private async ValueTask<DatasetDescription?> RecognizeTarAsync(
        IDataSource source, DatasetOptions options, bool asked, CancellationToken cancellationToken)
    {
        CifarLayout layout;
        try
        {
            layout = await CifarLayout.OfTarAsync(source, cancellationToken).ConfigureAwait(false);
        }
        catch (ProblemException problem) when (!asked && problem.Problem.Code.StartsWith("tar-", StringComparison.Ordinal))
        {
            // Damaged, and not known to be CIFAR: another format may know it from its head and will say where.
            return null;
        }

        if (layout.Segments.Count > 0)
        {
            return Describe(options, layout, "tar");
        }

        return asked
            ? throw new ProblemException("cifar-not-recognized", "The archive has no data_batch_N.bin or test_batch.bin.")
            : null;
    }

    private DatasetDescription Describe(DatasetOptions options, CifarLayout layout, string container)
    {
        string[] columns = container == "tar" ? ["file"] : [];
        return new DatasetDescription
        {
            Format = Name,
            Layout = "CIFAR-10 binary",
            Task = ModelTask.ImageClassification,
            Columns = columns,
            SliceColumns = SliceSelection.Check(options.SliceColumns, columns, Name),
            LabelNames = layout.LabelNames,
            Details = new Dictionary<string, string> { ["container"] = container },
        };
    }
}
