using System.Globalization;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Tokenization.Reference;

/// <summary>
/// Hashes of the reference's encodings, so that parity is checked without node too. The file was written from the output of Hugging Face's
/// tokenizers 0.23.2 by <see cref="GoldenTests.Write_the_golden_hashes"/>: a line for each tokenizer and section, for code points one hash a block.
/// </summary>
internal static class Golden
{
    public static string PathOfFile { get; } =
        Path.Combine(RepositoryRoot.Path, "tests", "AiAssignments.Tests", "Tokenization", "golden", "hashes.txt");

    public static string[] Sections { get; } = ["texts", "pairs", "words"];

    public static IEnumerable<ReferenceInput> InputsOf(string section) => section switch
    {
        "texts" => Corpus.Texts(),
        "pairs" => Corpus.Pairs(),
        _ => Corpus.Words(),
    };

    /// <summary>The golden hashes of a tokenizer, by section.</summary>
    public static Dictionary<string, string[]> Read(string definition) => File.ReadLines(PathOfFile)
        .Select(line => line.Split(' ')).Where(parts => parts[0] == definition)
        .ToDictionary(parts => parts[1], parts => parts[2..]);

    /// <summary>One hash of many.</summary>
    public static string Combine(IEnumerable<string> hashes)
    {
        var combined = 0x811c9dc5u;
        foreach (var c in hashes.SelectMany(hash => hash))
        {
            combined = unchecked((combined ^ c) * 0x01000193u);
        }

        return combined.ToString("x8", CultureInfo.InvariantCulture);
    }
}
