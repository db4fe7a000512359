using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Tests.InferenceTests.Support;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.InferenceTests.Models;

public sealed class ModelCardJsonTests : IDisposable
{
    private const string Text = """{"name":"m","version":"1","task":"text-classification","labels":["a","b"],"tokenizer":{"kind":"bpe","maxLength":8}}""";
    private const string Image = """{"name":"m","task":"image-classification","labels":["a","b"],"image":{"width":4,"height":4,"channels":1}}""";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_card_comes_back_as_it_was_written()
    {
        var card = Packages.Card(ModelTask.TokenClassification, 3) with
        {
            Tokenizer = new("hashed-ngrams", 64, 16, null, new(1000, 1, 2, 4, 8)),
            Description = "Ä <b>",
            License = "MIT",
            TrainingData = "some",
            Claims = new Dictionary<string, double> { ["accuracy (own split)"] = 0.25 },
            Lineage = new("m@1", "quantize:dynamic-int8"),
        };
        File.WriteAllText(folder.File("c.json"), ModelCardJson.Write(card));

        var read = ModelCardJson.Read(folder.File("c.json"));

        Assert.Equal(ModelCardJson.Write(card), ModelCardJson.Write(read));
        Assert.Equal(card.Tokenizer, read.Tokenizer);
        Assert.Contains("\"task\": \"token-classification\"", ModelCardJson.Write(card), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Text, "\"maxLength\":8", "\"maxLength\":0", "tokenizer.maxLength")]
    [InlineData(Text, "\"maxLength\":8", "\"maxlength\":8", "tokenizer.maxLength")]
    [InlineData(Text, "\"maxLength\":8", "\"maxLength\":8,\"strid\":1", "tokenizer.strid")]
    [InlineData(Text, "\"maxLength\":8", "\"maxLength\":8,\"stride\":5", "tokenizer.stride")]
    [InlineData(Text, "\"bpe\"", "\"sentencepiece\"", "tokenizer.kind")]
    [InlineData(Text, "\"bpe\"", "\"hashed-ngrams\"", "tokenizer.hashedNGrams")]
    [InlineData(Text, "[\"a\",\"b\"]", "[\"a\",\"a\"]", "labels")]
    [InlineData(Text, "[\"a\",\"b\"]", "[\"a\"]", "labels")]
    [InlineData(Text, "[\"a\",\"b\"]", "[\"a\",2]", "labels")]
    [InlineData(Text, "\"name\":\"m\"", "\"name\":\"../m\"", "name")]
    [InlineData(Text, "text-classification", "translation", "task")]
    [InlineData(Text, "\"version\":\"1\"", "\"version\":7", "version")]
    [InlineData(Text, "\"version\":\"1\"", "\"author\":\"x\"", "author")]
    [InlineData(Image, "\"channels\":1", "\"channels\":2", "image.channels")]
    [InlineData(Image, "\"channels\":1", "\"channels\":1,\"mean\":[0,0]", "image.mean")]
    [InlineData(Image, "\"channels\":1", "\"channels\":1,\"std\":[0]", "image.std")]
    [InlineData(Image, "\"channels\":1", "\"channels\":1,\"layout\":\"CHW\"", "image.layout")]
    [InlineData(Image, "\"width\":4", "\"width\":4000000000", "image.width")]
    public void A_wrong_property_is_named(string card, string right, string wrong, string property)
    {
        File.WriteAllText(folder.File("c.json"), card);
        ModelCardJson.Read(folder.File("c.json"));
        File.WriteAllText(folder.File("c.json"), card.Replace(right, wrong, StringComparison.Ordinal));

        var problem = Packages.Refused(() => ModelCardJson.Read(folder.File("c.json")));

        Assert.Equal("model-card-invalid", problem.Code);
        Assert.Contains($"'{property}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_of_hostile_depth_is_refused()
    {
        File.WriteAllText(folder.File("c.json"), new string('[', 100_000));

        Assert.Equal("model-card-invalid", Packages.Refused(() => ModelCardJson.Read(folder.File("c.json"))).Code);
    }
}
