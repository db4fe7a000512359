using System.IO.Hashing;
using System.Runtime.InteropServices;
using AiAssignments.Core.Errors;

namespace AiAssignments.Evaluation.Datasets.Tar;

/// <summary>Finds a path that an archive holds twice, keeping 16 bytes a path (XXH128) instead of the paths. Bounded.</summary>
internal sealed class EntryNames
{
    /// <summary>Most records an archive may hold.</summary>
    public const int MaxEntries = 4_000_000;

    private readonly HashSet<UInt128> seen = [];

    /// <summary>Adds the path of the entry at <paramref name="offset"/>.</summary>
    /// <exception cref="ProblemException"><c>archive-duplicate-entry</c>, <c>archive-too-many-entries</c>.</exception>
    public void Add(string name, long offset)
    {
        if (seen.Count >= MaxEntries)
        {
            throw new ProblemException("archive-too-many-entries", $"The archive holds more than {MaxEntries} records: cut it into several.", $"byte {offset}");
        }

        if (!seen.Add(XxHash128.HashToUInt128(MemoryMarshal.AsBytes(name.AsSpan()))))
        {
            // Unpacking would keep the last of the two; which one was meant cannot be known.
            throw new ProblemException(
                "archive-duplicate-entry", $"The archive holds '{EntryPath.Show(name)}' twice: pack it again with each file once.", $"byte {offset}");
        }
    }
}
