using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Evaluation.Datasets.Tar;

namespace AiAssignments.Evaluation.Datasets.Cifar;

/// <summary>Where the records lie: one run in a plain file, one run a batch file in a tar archive of <c>cifar-10-batches-bin</c>.</summary>
/// <param name="Segments">The runs, in archive order.</param>
/// <param name="LabelNames">The lines of <c>batches.meta.txt</c>; empty when there is none.</param>
internal sealed record CifarLayout(IReadOnlyList<CifarSegment> Segments, IReadOnlyList<string> LabelNames)
{
    /// <summary>Bytes of a record: a label, then three planes of 32 x 32.</summary>
    public const int RecordBytes = 1 + (3 * 32 * 32);

    /// <summary>The labels are 0..9.</summary>
    public const int Classes = 10;

    private const int MaxBatchFiles = 1000;
    private const int MaxEntries = 100_000;
    private const int MaxMetaBytes = 64 * 1024;

    /// <summary>Records in all.</summary>
    public long Records => Segments.Count == 0 ? 0 : Segments[^1].FirstRecord + Segments[^1].Records;

    /// <summary>The layout of a plain file of whole records.</summary>
    /// <exception cref="ProblemException"><c>cifar-length</c>.</exception>
    public static CifarLayout OfFile(IDataSource source) =>
        new([new CifarSegment(0, WholeRecords(source.Length, 0, null), 0, null)], []);

    /// <summary>The layout of a tar archive; one without segments when it holds no batch file.</summary>
    /// <exception cref="ProblemException"><c>cifar-length</c> with the entry; the archive's own problems.</exception>
    public static async ValueTask<CifarLayout> OfTarAsync(IDataSource source, CancellationToken cancellationToken)
    {
        var segments = new List<CifarSegment>();
        var names = new EntryNames();
        IReadOnlyList<string> labels = [];
        long records = 0;
        var stream = new SeekableSourceStream(source);
        await using (stream.ConfigureAwait(false))
        {
            var tar = new TarReader(stream);
            for (var i = 0; await tar.NextAsync(cancellationToken).ConfigureAwait(false) is { } entry; i++)
            {
                if (i >= MaxEntries && segments.Count == 0)
                {
                    break;
                }

                if (entry.Kind != TarEntryKind.File || !EntryPath.TrySplit(entry.Name, out var segmentsOfPath, out _)
                    || EntryPath.IsClutter(segmentsOfPath))
                {
                    continue;
                }

                if (IsBatchFile(segmentsOfPath[^1]) && segments.Count < MaxBatchFiles)
                {
                    names.Add(entry.Name, entry.HeaderOffset);
                    var count = WholeRecords(entry.Size, entry.DataOffset, entry.Name);
                    segments.Add(new CifarSegment(entry.DataOffset, count, records, EntryPath.Show(entry.Name)));
                    records += count;
                }
                else if (segmentsOfPath[^1] == "batches.meta.txt" && entry.Size <= MaxMetaBytes)
                {
                    var meta = new byte[entry.Size];
                    await tar.ReadBlockwiseAsync(meta, cancellationToken).ConfigureAwait(false);
                    labels = ParseMeta(meta);
                }
            }
        }

        return new CifarLayout(segments, labels);
    }

    /// <summary>Whether a file name is that of the official batch files.</summary>
    public static bool IsBatchFile(string name) =>
        name.EndsWith(".bin", StringComparison.OrdinalIgnoreCase)
        && (name.StartsWith("data_batch", StringComparison.Ordinal) || name.StartsWith("test_batch", StringComparison.Ordinal));

    private static long WholeRecords(long length, long start, string? entry)
    {
        var over = length % RecordBytes;
        if (over == 0)
        {
            return length / RecordBytes;
        }

        var whole = length / RecordBytes;
        throw new ProblemException(
            "cifar-length",
            $"{(entry is null ? "The file" : $"'{EntryPath.Show(entry)}'")} has {length} bytes, which is not a multiple of {RecordBytes}: "
            + $"{whole} whole records end at byte {whole * RecordBytes}, {over} bytes are left over. Get the whole file again.",
            $"byte {start + (whole * RecordBytes)}");
    }

    private static string[] ParseMeta(byte[] meta) =>
        Batching.StrictText.TryDecode(meta, out var text, out _, out _)
            ? text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: Classes } lines ? lines : []
            : [];
}
