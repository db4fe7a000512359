using System.Formats.Tar;
using System.Text;

namespace AiAssignments.Tests.Datasets.Archives;

/// <summary>Makes tar archives with the framework's own writer, which shares no code with our reader.</summary>
internal static class TarMaker
{
    public static byte[] Make(params (string Name, string Content)[] files) =>
        Make(TarEntryFormat.Pax, [.. files.Select(file => (file.Name, Encoding.UTF8.GetBytes(file.Content)))]);

    public static byte[] Make(TarEntryFormat format, params (string Name, byte[] Content)[] files) =>
        Make(writer =>
        {
            foreach (var (name, content) in files)
            {
                writer.WriteEntry(Entry(format, TarEntryType.RegularFile, name, content));
            }
        });

    public static byte[] Make(Action<TarWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
        {
            write(writer);
        }

        return stream.ToArray();
    }

    public static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name, byte[]? content = null)
    {
        TarEntry entry = format switch
        {
            TarEntryFormat.Ustar => new UstarTarEntry(type, name),
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            TarEntryFormat.V7 => new V7TarEntry(type == TarEntryType.RegularFile ? TarEntryType.V7RegularFile : type, name),
            _ => new PaxTarEntry(type, name),
        };
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        if (content is not null)
        {
            entry.DataStream = new MemoryStream(content);
        }

        return entry;
    }

    public static TarEntry Link(string name, string target, TarEntryType type = TarEntryType.SymbolicLink) =>
        new PaxTarEntry(type, name) { LinkName = target, ModificationTime = DateTimeOffset.UnixEpoch };
}
