using System.Text.Json;
using System.Text.Json.Nodes;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Tests.Support;
using AiAssignments.Tests.Tokenization.Reference;

namespace AiAssignments.Tests.Tokenization;

/// <summary>Reading tokenizers, good and bad.</summary>
public sealed class TokenizerLoaderTests
{
    [Fact]
    public void Vocabulary_and_merges_give_the_roberta_tokenizer()
    {
        using var folder = new TemporaryFolder();
        using var json = JsonDocument.Parse(File.ReadAllBytes(Definitions.PathOf("roberta")));
        var model = json.RootElement.GetProperty("model");
        File.WriteAllText(folder.File("vocab.json"), model.GetProperty("vocab").GetRawText());
        File.WriteAllLines(folder.File("merges.txt"), ["#version: 0.2", .. model.GetProperty("merges").EnumerateArray().Select(merge => merge.GetString()!)]);
        Assert.Equal("bpe", TokenizerLoader.DetectKind(folder.Path));
        AssertSame(Definitions.Load("roberta"), TokenizerLoader.Load(folder.Path, new TokenizerSpec("bpe", 512)));
        File.WriteAllText(folder.File("tokenizer_config.json"), """{"add_prefix_space": true, "tokenizer_class": "RobertaTokenizer", "model_max_length": 512}""");
        AssertSame(Definitions.Load("roberta-prefix"), TokenizerLoader.Load(folder.Path, new TokenizerSpec("bpe", 512)));
    }

    [Fact]
    public void A_vocabulary_alone_gives_the_bert_tokenizer()
    {
        using var folder = new TemporaryFolder();
        using var json = JsonDocument.Parse(File.ReadAllBytes(Definitions.PathOf("bert-uncased")));
        File.WriteAllLines(folder.File("vocab.txt"), json.RootElement.GetProperty("model").GetProperty("vocab").EnumerateObject()
            .OrderBy(entry => entry.Value.GetInt32()).Select(entry => entry.Name));
        Assert.Equal("wordpiece", TokenizerLoader.DetectKind(folder.Path));
        AssertSame(Definitions.Load("bert-uncased"), TokenizerLoader.Load(folder.Path, new TokenizerSpec("wordpiece", 512)));
        var cased = TokenizerLoader.Load(folder.Path, new TokenizerSpec("wordpiece", 512, Lowercase: false));
        var encoding = new Encoding();
        cased.Encode("A", default, false, 512, encoding);
        Assert.Equal(1, encoding.Ids[1]);
    }

    [Fact]
    public void The_padding_id_is_found()
    {
        Assert.Equal(0, Definitions.Load("bert-uncased").PadId);
        Assert.Equal(1, Definitions.Load("roberta").PadId);
        Assert.Equal(2, Definitions.Load("bert-uncased").SpecialTokens);
        Assert.Equal(0, Definitions.Load("gpt2").SpecialTokens);
    }

    [Fact]
    public void A_folder_without_tokenizer_has_no_kind()
    {
        using var folder = new TemporaryFolder();
        Assert.Null(TokenizerLoader.DetectKind(folder.Path));
        Assert.Equal("tokenizer-unreadable", Refusal(folder.Path, "huggingface").Code);
        Assert.Equal("tokenizer-unreadable", Refusal(folder.Path, "wordpiece").Code);
        Assert.Equal("tokenizer-unreadable", Refusal(folder.Path, "bpe").Code);
        Assert.Equal("tokenizer-kind-unknown", Refusal(folder.Path, "sentencepiece").Code);
    }

    [Theory]
    [InlineData("normalizer", """{"type":"Precompiled"}""", "normalizer Precompiled")]
    [InlineData("normalizer", """{"type":"Replace","pattern":{"Regex":"a+"},"content":""}""", "Replace with a regular expression")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"Nmt"}]}""", "normalizer Nmt")]
    [InlineData("pre_tokenizer", """{"type":"Metaspace"}""", "pre-tokenizer Metaspace")]
    [InlineData("post_processor", """{"type":"Sequence","processors":[{"type":"BertProcessing"},{"type":"ByteLevel"}]}""", "sequence of post-processors")]
    [InlineData("model", """{"type":"Unigram","vocab":[]}""", "model Unigram")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":[],"byte_fallback":true}""", "byte_fallback")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":[],"dropout":0.1}""", "dropout")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":[],"end_of_word_suffix":"</w>"}""", "end_of_word_suffix")]
    [InlineData("truncation", """{"max_length":5,"strategy":"Wild","stride":0}""", "strategy Wild")]
    public void What_is_not_supported_is_named(string part, string json, string named)
    {
        var problem = RefusalWith(part, json);
        Assert.Equal("tokenizer-component-unsupported", problem.Code);
        Assert.Contains(named, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model", """{"type":"WordPiece","vocab":{"a":0}}""", "unknown token '[UNK]'")]
    [InlineData("model", """{"type":"WordPiece","vocab":{"[UNK]":0,"a":1,"a":2}}""", "'a' is in the vocabulary twice")]
    [InlineData("model", """{"type":"WordPiece","vocab":{"[UNK]":0,"a":-1}}""", "outside 0..")]
    [InlineData("model", """{"type":"WordPiece","vocab":{"[UNK]":0,"a":4294967296}}""", "outside 0..")]
    [InlineData("model", """{"type":"WordPiece","vocab":{"[UNK]":0,"a":1.5}}""", "outside 0..")]
    [InlineData("model", """{"type":"WordPiece","vocab":{"[UNK]":0,"a":"x"}}""", "outside 0..")]
    [InlineData("model", """{"type":"WordPiece","vocab":{"[UNK]":0},"max_input_chars_per_word":-1}""", "whole number")]
    [InlineData("model", """{"type":"WordPiece","vocab":[]}""", "object of tokens")]
    [InlineData("model", """{"type":"WordPiece","vocab":{}}""", "empty")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":["a b"]}""", "needs the token 'b'")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":["a"]}""", "two parts")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":[["a","a"]]}""", "needs the token 'aa'")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":[],"unk_token":"?"}""", "unknown token '?'")]
    [InlineData("model", """{"type":"BPE","vocab":{"\ud800":0},"merges":[]}""", "surrogate")]
    [InlineData("model", "7", "an object")]
    [InlineData("model", "null", "")]
    [InlineData("added_tokens", "{}", "an array")]
    [InlineData("added_tokens", """[{"id":99999999999,"content":"x"}]""", "whole number")]
    [InlineData("added_tokens", """[{"id":1}]""", "a string")]
    [InlineData("added_tokens", """[{"id":1,"content":"x","lstrip":"yes"}]""", "true or false")]
    [InlineData("normalizer", """{"type":7}""", "a string")]
    [InlineData("post_processor", """{"type":"BertProcessing","sep":["[SEP]"],"cls":["[CLS]",1]}""", "a token with its id")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"[X]","type_id":0}}],"pair":[],"special_tokens":{}}""", "'[X]'")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[],"pair":[{"Sequence":{"id":"A","type_id":0}}],"special_tokens":{}}""", "for a pair A and B")]
    public void What_is_broken_is_explained(string part, string json, string explained)
    {
        var problem = RefusalWith(part, json);
        Assert.Equal("tokenizer-invalid", problem.Code);
        Assert.Contains(explained, problem.Message, StringComparison.Ordinal);
        Assert.NotNull(problem.Where);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"model\":")]
    [InlineData("{\"model\":{}} x")]
    public void What_is_no_json_object_is_refused(string content) => Assert.Equal("tokenizer-invalid", RefusalOf(content).Code);

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Equal("tokenizer-invalid", RefusalOf($"{{\"normalizer\":{new string('[', 100_000)}{new string(']', 100_000)}}}").Code);

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("vocab.txt"), [(byte)'a', 0xff, (byte)'\n']);
        var problem = Refusal(folder.Path, "wordpiece");
        Assert.Equal("tokenizer-invalid", problem.Code);
        Assert.Contains("byte 1", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_special_tokens_fill_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Definitions.PathOf("bert-uncased"), folder.File("tokenizer.json"));
        var problem = Assert.Throws<ProblemException>(() => TokenizerLoader.Load(folder.Path, new TokenizerSpec("huggingface", 2))).Problem;
        Assert.Equal("tokenizer-max-length", problem.Code);
    }

    private static void AssertSame(ITokenizer expected, ITokenizer actual)
    {
        Assert.Equal(expected.PadId, actual.PadId);
        Assert.Equal(expected.SpecialTokens, actual.SpecialTokens);
        foreach (var input in Corpus.Texts().Concat(Corpus.Pairs()).Concat(Corpus.Words()))
        {
            Assert.Equal(
                EncodingText.Full(EncodingText.Encode(expected, input, 512, new Encoding())),
                EncodingText.Full(EncodingText.Encode(actual, input, 512, new Encoding())));
        }
    }

    private static Problem RefusalWith(string part, string json)
    {
        var root = JsonNode.Parse(File.ReadAllText(Definitions.PathOf("bert-uncased")))!.AsObject();
        root.Remove(part);
        var text = root.ToJsonString();
        return RefusalOf($"{text[..^1]},\"{part}\":{json}}}");
    }

    private static Problem RefusalOf(string content)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("tokenizer.json"), content);
        return Refusal(folder.Path, "huggingface");
    }

    private static Problem Refusal(string folder, string kind) =>
        Assert.Throws<ProblemException>(() => TokenizerLoader.Load(folder, new TokenizerSpec(kind, 512))).Problem;
}
