using System.Formats.Tar;
using System.Text;
using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Datasets.Staging;
using AiAssignments.Evaluation.Datasets.Tar;
using AiAssignments.Tests.Datasets.Archives;
using TarEntry = AiAssignments.Evaluation.Datasets.Tar.TarEntry;
using TarReader = AiAssignments.Evaluation.Datasets.Tar.TarReader;

namespace AiAssignments.Tests.Datasets.Tar;

public sealed class TarReaderTests
{
    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public async Task Names_sizes_and_contents_are_those_that_the_framework_wrote(TarEntryFormat format)
    {
        var longName = format is TarEntryFormat.V7 ? "b/short.txt" : "b/" + new string('x', 90) + "/" + new string('y', 60) + ".txt";
        (string Name, byte[] Content)[] files =
        [
            ("a.txt", "hello"u8.ToArray()),
            (longName, new byte[513]),
            ("empty", []),
            ("c/block.bin", Enumerable.Range(0, 512).Select(i => (byte)i).ToArray()),
        ];
        var bytes = TarMaker.Make(format, files);

        var entries = await ReadAsync(bytes);

        Assert.Equal(files.Select(file => file.Name), entries.Select(item => item.Entry.Name));
        Assert.Equal(files.Select(file => file.Content), entries.Select(item => item.Content));
        Assert.All(entries, item => Assert.Equal(item.Content, bytes[(int)item.Entry.DataOffset..(int)(item.Entry.DataOffset + item.Entry.Size)]));
    }

    [Fact]
    public async Task Reading_can_start_at_any_entry_whatever_headers_come_before_it()
    {
        var bytes = TarMaker.Make(TarEntryFormat.Gnu, [.. Enumerable.Range(0, 9).Select(i => ($"{new string((char)('a' + i), 120 + i)}.txt", new byte[i * 100]))]);
        var all = await ReadAsync(bytes);

        foreach (var (entry, content) in all)
        {
            var reader = new TarReader(new MemoryStream(bytes, (int)entry.HeaderOffset, bytes.Length - (int)entry.HeaderOffset), entry.HeaderOffset);
            Assert.Equal(entry, await reader.NextAsync(default));
            var again = new byte[content.Length];
            Assert.Equal(content.Length, await reader.ReadBlockwiseAsync(again, default));
        }
    }

    [Fact]
    public async Task Kinds_are_told_apart()
    {
        var bytes = TarMaker.Make(writer =>
        {
            writer.WriteEntry(TarMaker.Entry(TarEntryFormat.Pax, TarEntryType.Directory, "folder/"));
            writer.WriteEntry(TarMaker.Link("link", "/etc/passwd"));
            writer.WriteEntry(TarMaker.Link("hard", "a", TarEntryType.HardLink));
            writer.WriteEntry(TarMaker.Entry(TarEntryFormat.Pax, TarEntryType.Fifo, "pipe"));
            writer.WriteEntry(TarMaker.Entry(TarEntryFormat.Pax, TarEntryType.RegularFile, "file", [1]));
        });

        var kinds = (await ReadAsync(bytes)).Select(item => item.Entry.Kind);

        Assert.Equal([TarEntryKind.Folder, TarEntryKind.Link, TarEntryKind.Link, TarEntryKind.Other, TarEntryKind.File], kinds);
    }

    [Fact]
    public async Task A_truncated_archive_is_told_with_the_byte_wherever_it_is_cut()
    {
        var bytes = TarMaker.Make(("a", new string('x', 700)), ("b", "y"));
        for (var length = 1; length < bytes.Length - 512; length += 37)
        {
            var problem = await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(bytes[..length]));
            Assert.Equal("tar-truncated", problem.Problem.Code);
            Assert.Equal($"byte {length}", problem.Problem.Where);
        }
    }

    [Fact]
    public async Task A_wrong_checksum_is_told_with_the_byte()
    {
        var bytes = TarMaker.Make(TarEntryFormat.Ustar, ("a", [1]), ("b", [2]));
        bytes[1024 + 3] ^= 1;

        var problem = (await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(bytes))).Problem;

        Assert.Equal(("tar-bad-header", "byte 1024"), (problem.Code, problem.Where));
    }

    [Fact]
    public async Task An_extension_header_of_absurd_size_is_refused_before_it_is_allocated()
    {
        var bytes = TarMaker.Make(TarEntryFormat.Gnu, (new string('n', 200), [1]));
        "77777777777"u8.CopyTo(bytes.AsSpan(124));
        FixChecksum(bytes.AsSpan(0, 512));

        var before = GC.GetAllocatedBytesForCurrentThread();
        var problem = (await Assert.ThrowsAsync<ProblemException>(() => ReadAsync(bytes))).Problem;

        Assert.Equal("tar-bad-header", problem.Code);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Fact]
    public async Task Base_256_sizes_are_read()
    {
        var bytes = TarMaker.Make(TarEntryFormat.Gnu, ("a", [7, 8, 9]));
        bytes.AsSpan(124, 12).Clear();
        bytes[124] = 0x80;
        bytes[135] = 3;
        FixChecksum(bytes.AsSpan(0, 512));

        Assert.Equal([7, 8, 9], Assert.Single(await ReadAsync(bytes)).Content);
    }

    [Fact]
    public async Task A_folder_is_packed_the_same_way_wherever_it_lies_and_the_framework_reads_it()
    {
        using var one = new Support.TemporaryFolder();
        using var two = new Support.TemporaryFolder();
        var longName = new string('l', 140) + ".txt";
        string[] names = ["b/2.txt", "a/1.txt", "a-b/ü.txt", "b/" + longName, "root.bin"];
        foreach (var (folder, order) in new[] { (one, names), (two, names.Reverse().ToArray()) })
        {
            foreach (var name in order)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
                await File.WriteAllTextAsync(folder.File(name), name + new string('z', name.Length * 20));
            }
        }

        var reports = new List<long>();
        var first = await PackAsync(one.Path, new Progress(reports));
        var second = await PackAsync(two.Path, null);

        Assert.Equal(first, second);
        Assert.Equal(first.Length, reports[^1]);
        using var framework = new System.Formats.Tar.TarReader(new MemoryStream(first));
        var found = new List<string>();
        while (framework.GetNextEntry() is { } entry)
        {
            found.Add(entry.Name);
            using var text = new StreamReader(entry.DataStream!);
            Assert.Equal(entry.Name + new string('z', entry.Name.Length * 20), text.ReadToEnd());
            Assert.Equal(DateTimeOffset.UnixEpoch, entry.ModificationTime);
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), found);
        Assert.Equal(found, (await ReadAsync(first)).Select(item => item.Entry.Name));
    }

    [Fact]
    public async Task A_folder_with_a_link_or_without_files_or_not_there_is_refused()
    {
        using var folder = new Support.TemporaryFolder();
        Assert.Equal("folder-empty", (await Refusal(folder.Path)).Code);
        Assert.Equal("folder-missing", (await Refusal(folder.File("nowhere"))).Code);
        await File.WriteAllTextAsync(folder.File("a.txt"), "a");
        File.CreateSymbolicLink(folder.File("link"), "/etc/hostname");
        var problem = await Refusal(folder.Path);
        Assert.Equal(("folder-link", "link"), (problem.Code, problem.Where));

        static async Task<Problem> Refusal(string path) =>
            (await Assert.ThrowsAsync<ProblemException>(() => FolderPacking.PackAsync(path, Stream.Null, null, default))).Problem;
    }

    private static async Task<byte[]> PackAsync(string folder, IProgress<long>? progress)
    {
        using var stream = new MemoryStream();
        await FolderPacking.PackAsync(folder, stream, progress, default);
        return stream.ToArray();
    }

    private static async Task<List<(TarEntry Entry, byte[] Content)>> ReadAsync(byte[] bytes)
    {
        var entries = new List<(TarEntry, byte[])>();
        var source = new ByteSource(bytes, pieceLimit: 100);
        var reader = new TarReader(await source.OpenReadAsync(0, null, default));
        while (await reader.NextAsync(default) is { } entry)
        {
            using var content = new MemoryStream();
            var piece = new byte[64];
            int read;
            while ((read = await reader.ReadAsync(piece, default)) > 0)
            {
                content.Write(piece, 0, read);
            }

            entries.Add((entry, content.ToArray()));
        }

        return entries;
    }

    private static void FixChecksum(Span<byte> block)
    {
        block.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var part in block)
        {
            sum += part;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block[148..]);
    }

    private sealed class Progress(List<long> reports) : IProgress<long>
    {
        public void Report(long value) => reports.Add(value);
    }
}
