using AiAssignments.Pipeline.Operations.Machine;

namespace AiAssignments.Tests.Operations;

/// <summary>Texts in place of the kernel's files.</summary>
internal sealed class CapturedFiles : ITextFiles
{
    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);

    public string this[string path]
    {
        set => texts[path] = value;
    }

    public IEnumerable<string> Paths => texts.Keys;

    public void Remove(string path) => texts.Remove(path);

    public string? Read(string path) => texts.GetValueOrDefault(path);
}
