using System.Globalization;
using System.Text;

namespace AiAssignments.Benchmarks.Reading;

/// <summary>Seeded texts of 5 to 80 words (about 200 bytes on average); one in eight holds a quote or a line end, one in sixteen letters beyond ASCII.</summary>
internal static class SyntheticTexts
{
    private const int Seed = 20_261_123;

    /// <summary>A header and quoted rows, <c>text,label</c>.</summary>
    public static void WriteCsv(string path, long bytes) => Write(path, bytes, "text,label\n", (text, label) =>
        $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\",{label}\n");

    /// <summary>Objects with <c>text</c> and <c>label</c>.</summary>
    public static void WriteJsonLines(string path, long bytes) => Write(path, bytes, string.Empty, (text, label) =>
        $"{{\"text\":\"{text.Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\",\"label\":{label}}}\n");

    private static void Write(string path, long bytes, string header, Func<string, string, string> row)
    {
        var random = new Random(Seed);
        var words = Enumerable.Range(0, 5000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 10)).Select(_ => (char)random.Next('a', 'z' + 1)))).ToArray();
        var block = new StringBuilder();
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Join(' ', Enumerable.Range(0, random.Next(5, 81)).Select(_ => words[random.Next(words.Length)]));
            text += random.Next(16) switch { 0 => " \"quoted\" end", 1 => ",\nnext line", 2 => " caf\u00e9 \u65e5\u672c", _ => "." };
            block.Append(row(text, random.Next(4).ToString(CultureInfo.InvariantCulture)));
        }

        var content = Encoding.UTF8.GetBytes(block.ToString());
        using var stream = File.Create(path);
        stream.Write(Encoding.UTF8.GetBytes(header));
        while (stream.Length < bytes)
        {
            stream.Write(content);
        }
    }
}
