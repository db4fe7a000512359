using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace AiAssignments.Inference.Models;

/// <summary>Hashes the files that decide a model's numbers: for each, in ordinal order of name, its name, length and bytes.</summary>
internal static class ContentHasher
{
    public const string Prefix = "xxh128:";

    /// <param name="folder">What names are relative to.</param>
    /// <param name="names">File names with <c>/</c>.</param>
    /// <param name="said">What the user said otherwise; empty for nothing.</param>
    public static (string Hash, long Bytes) Hash(string folder, IEnumerable<string> names, string said)
    {
        var hash = new XxHash128();
        var total = 0L;
        foreach (var name in names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            using var stream = new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            Mark(hash, name, stream.Length);
            hash.Append(stream);
            total += stream.Length;
        }

        if (said.Length > 0)
        {
            Mark(hash, "options", said.Length);
            hash.Append(Encoding.UTF8.GetBytes(said));
        }

        return (Prefix + Convert.ToHexStringLower(hash.GetCurrentHash()), total);
    }

    private static void Mark(XxHash128 hash, string name, long length)
    {
        Span<byte> mark = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(mark, length);
        hash.Append(Encoding.UTF8.GetBytes(name + '\0'));
        hash.Append(mark);
    }
}
