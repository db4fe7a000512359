using System.Text.Json;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Tests.Tokenization.Reference;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Tokenization;

/// <summary>What must hold of any text.</summary>
public sealed class EncodingPropertyTests
{
    private static readonly Lazy<ITokenizer> Bert = new(() => Definitions.Load("bert-uncased"));
    private static readonly Lazy<ITokenizer> Roberta = new(() => Definitions.Load("roberta"));
    private static readonly Lazy<ITokenizer> Gpt2 = new(() => Definitions.Load("gpt2"));
    private static readonly Lazy<Dictionary<int, byte[]>> Gpt2Bytes = new(ReadGpt2Bytes);

    [Property(MaxTest = 300)]
    public bool Offsets_lie_inside_the_text_and_never_go_back(string? text) =>
        new[] { Bert, Roberta, Gpt2 }.All(tokenizer => AreInOrder(Encode(tokenizer.Value, text ?? string.Empty, 10_000), (text ?? string.Empty).EnumerateRunes().Count()));

    [Property(MaxTest = 300)]
    public bool A_truncated_text_keeps_its_first_tokens(string? text, byte length)
    {
        var most = 3 + (length % 20);
        var whole = Encode(Gpt2.Value, text ?? string.Empty, 10_000);
        var cut = Encode(Gpt2.Value, text ?? string.Empty, most);
        return cut.Count == Math.Min(whole.Count, most) && cut.Truncated == (whole.Count > most)
            && cut.Ids.SequenceEqual(whole.Ids[..cut.Count]) && cut.Starts.SequenceEqual(whole.Starts[..cut.Count]);
    }

    [Property(MaxTest = 300)]
    public bool Byte_level_tokens_spell_the_text(string? text)
    {
        var bytes = new List<byte>();
        foreach (var id in Encode(Gpt2.Value, text ?? string.Empty, 10_000).Ids)
        {
            bytes.AddRange(Gpt2Bytes.Value[id]);
        }

        return bytes.SequenceEqual(System.Text.Encoding.UTF8.GetBytes(text ?? string.Empty));
    }

    [Property(MaxTest = 200)]
    public bool Words_keep_their_index(string?[] words)
    {
        var encoding = new Inference.Tokenization.Encoding();
        string[] given = [.. words.Select(word => word ?? string.Empty)];
        Roberta.Value.EncodeWords(given, encoding);
        var last = 0;
        foreach (var word in encoding.WordIds[1..^1])
        {
            if (word < last || word >= given.Length)
            {
                return false;
            }

            last = word;
        }

        return true;
    }

    [Fact]
    public void A_word_of_hundreds_of_thousands_of_characters_is_encoded()
    {
        var word = string.Concat(Enumerable.Repeat("the", 120_000));
        var encoding = Encode(Gpt2.Value, word, int.MaxValue);
        Assert.Equal(word.Length, encoding.Ends[^1]);
        Assert.True(encoding.Count < word.Length);
        Assert.Equal(3, Encode(Bert.Value, word, int.MaxValue).Count);
    }

    [Fact]
    public void Many_threads_share_a_tokenizer()
    {
        var texts = Corpus.Texts().ToArray();
        var expected = texts.Select(input => EncodingText.Full(EncodingText.Encode(Bert.Value, input, 512, new()))).ToArray();
        Parallel.For(0, 8, _ =>
        {
            var encoding = new Inference.Tokenization.Encoding();
            for (var i = 0; i < texts.Length; i++)
            {
                Assert.Equal(expected[i], EncodingText.Full(EncodingText.Encode(Bert.Value, texts[i], 512, encoding)));
            }
        });
    }

    [Fact]
    public void Encoding_again_allocates_nothing()
    {
        var encoding = new Inference.Tokenization.Encoding();
        foreach (var tokenizer in new[] { Bert.Value, Roberta.Value })
        {
            for (var pass = 0; pass < 3; pass++)
            {
                EncodeAll(tokenizer, encoding);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            var tokens = EncodeAll(tokenizer, encoding);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < tokens, $"{allocated} bytes for {tokens} tokens");
        }
    }

    private static int EncodeAll(ITokenizer tokenizer, Inference.Tokenization.Encoding encoding)
    {
        var tokens = 0;
        foreach (var line in Corpus.Lines)
        {
            tokenizer.Encode(line, default, false, 512, encoding);
            tokens += encoding.Count;
        }

        return tokens;
    }

    private static Inference.Tokenization.Encoding Encode(ITokenizer tokenizer, string text, int maxLength)
    {
        var encoding = new Inference.Tokenization.Encoding();
        tokenizer.Encode(text, default, false, maxLength, encoding);
        return encoding;
    }

    private static bool AreInOrder(Inference.Tokenization.Encoding encoding, int scalars)
    {
        var (start, word) = (0, 0);
        for (var i = 0; i < encoding.Count; i++)
        {
            if (encoding.WordIds[i] < 0)
            {
                continue;
            }

            if (encoding.Starts[i] < start || encoding.Ends[i] < encoding.Starts[i] || encoding.Ends[i] > scalars || encoding.WordIds[i] < word)
            {
                return false;
            }

            (start, word) = (encoding.Starts[i], encoding.WordIds[i]);
        }

        return true;
    }

    private static Dictionary<int, byte[]> ReadGpt2Bytes()
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Definitions.PathOf("gpt2")));
        var alphabet = new Dictionary<char, byte>();
        var next = 0x100;
        for (var b = 0; b < 256; b++)
        {
            alphabet[b is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174 ? (char)b : (char)next++] = (byte)b;
        }

        return json.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject().ToDictionary(
            entry => entry.Value.GetInt32(),
            entry => entry.Name == "<|endoftext|>" ? System.Text.Encoding.UTF8.GetBytes(entry.Name) : [.. entry.Name.Select(c => alphabet[c])]);
    }
}
