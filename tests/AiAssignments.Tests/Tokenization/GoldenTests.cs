using AiAssignments.Inference.Tokenization;
using AiAssignments.Tests.Tokenization.Reference;

namespace AiAssignments.Tests.Tokenization;

/// <summary>Parity with Hugging Face's tokenizers 0.23.2 by committed hashes of what they answered; see <see cref="Golden"/>.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> All => [.. Definitions.Names];

    [Theory]
    [MemberData(nameof(All))]
    public void Texts_pairs_and_words_have_the_golden_hashes(string definition)
    {
        var tokenizer = Definitions.Load(definition);
        var golden = Golden.Read(definition);
        foreach (var section in Golden.Sections)
        {
            Assert.Equal(golden[section][0], Golden.Combine(Hashes(tokenizer, Golden.InputsOf(section))));
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_code_point_has_the_golden_hash(string definition)
    {
        var tokenizer = Definitions.Load(definition);
        var golden = Golden.Read(definition)["code-points"];
        var blocks = Corpus.BlocksOf(definition);
        Assert.Equal(blocks.Length, golden.Length);
        var wrong = blocks.Zip(golden).Where(pair => Golden.Combine(Hashes(tokenizer, Corpus.CodePoints(pair.First))) != pair.Second)
            .Select(pair => $"U+{pair.First * Corpus.BlockSize:X4}");
        Assert.Empty(wrong);
    }

    [GoldenWriterFact]
    public void Write_the_golden_hashes()
    {
        var lines = new List<string>();
        foreach (var definition in Definitions.Names)
        {
            var path = Definitions.PathOf(definition);
            lines.AddRange(Golden.Sections.Select(section =>
                $"{definition} {section} {Golden.Combine(ReferenceTokenizer.Encode(path, Golden.InputsOf(section), hash: true))}"));
            var blocks = Corpus.BlocksOf(definition).Select(block => Corpus.CodePoints(block).ToList()).ToList();
            var hashes = ReferenceTokenizer.Encode(path, blocks.SelectMany(block => block), hash: true);
            var done = 0;
            var combined = blocks.Select(block =>
            {
                done += block.Count;
                return Golden.Combine(hashes.GetRange(done - block.Count, block.Count));
            });
            lines.Add($"{definition} code-points {string.Join(' ', combined)}");
        }

        File.WriteAllText(Golden.PathOfFile, string.Join('\n', lines) + "\n");
    }

    private static IEnumerable<string> Hashes(ITokenizer tokenizer, IEnumerable<ReferenceInput> inputs)
    {
        var encoding = new Encoding();
        return inputs.Select(input => EncodingText.Hash(EncodingText.Encode(tokenizer, input, int.MaxValue, encoding)));
    }

    /// <summary>Runs only when it is asked to write the file, and the reference is there.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    internal sealed class GoldenWriterFactAttribute : FactAttribute
    {
        public GoldenWriterFactAttribute() => Skip = Environment.GetEnvironmentVariable("AIA_WRITE_GOLDEN") == "1"
            ? ReferenceTokenizer.Missing([])
            : "writes golden/hashes.txt from the reference; set AIA_WRITE_GOLDEN=1 to do so";
    }
}
