using System.Text;
using AiAssignments.Pipeline.Caching;
using AiAssignments.Pipeline.Predictions;
using FsCheck.Xunit;

namespace AiAssignments.Tests.Caching;

public sealed class PredictionKeyTests
{
    private static readonly ServedModel Model = new(ModelSamples.Version("m", "1", true));

    [Fact]
    public void Keys_differ_when_anything_that_matters_differs()
    {
        var text = PredictionInput.OfText("ab", "c");
        var bytes = Encoding.Unicode.GetBytes("ab");
        var longText = new string('x', 5000);
        string[] keys =
        [
            Key(text),
            PredictionKey.Of(new ServedModel(ModelSamples.Version("n", "1", true)), text, 8, false),
            PredictionKey.Of(new ServedModel(ModelSamples.Version("m", "2", true)), text, 8, false),
            PredictionKey.Of(new ServedModel(ModelSamples.Version("m1", "", true, task: Core.Models.ModelTask.TextClassification)), text, 8, false),
            PredictionKey.Of(new ServedModel(ModelSamples.Version("m", "1", true, "sha256:01")), text, 8, false),
            PredictionKey.Of(Model, text, 64, false),
            PredictionKey.Of(Model, text, 8, true),
            Key(PredictionInput.OfText("a", "bc")),
            Key(PredictionInput.OfText("abc", null)),
            Key(PredictionInput.OfText("abc", string.Empty)),
            Key(PredictionInput.OfText(string.Empty, "abc")),
            Key(new PredictionInput(null, "abc", null)),
            Key(new PredictionInput(null, null, null)),
            Key(PredictionInput.OfText(string.Empty, null)),
            Key(PredictionInput.OfText("ab", null)),
            Key(PredictionInput.OfImage(bytes)),
            Key(PredictionInput.OfImage(Array.Empty<byte>())),
            Key(PredictionInput.OfText("\uD800", null)),
            Key(PredictionInput.OfText("\uD801", null)),
            Key(PredictionInput.OfText("\uFFFD", null)),
            Key(PredictionInput.OfText("AB", "c")),
            Key(PredictionInput.OfText("é", null)),
            Key(PredictionInput.OfText("e\u0301", null)),
            Key(PredictionInput.OfText(longText, null)),
            Key(PredictionInput.OfText(longText + "x", null)),
            Key(PredictionInput.OfText(longText[..^1] + "y", null)),
            Key(PredictionInput.OfText(longText, longText)),
            Key(PredictionInput.OfText(null!, longText)),
            Key(PredictionInput.OfImage(Encoding.Unicode.GetBytes(longText))),
            Key(PredictionInput.OfText(new string('x', 255), null)),
            Key(PredictionInput.OfText(new string('x', 256), null)),
            Key(PredictionInput.OfText(new string('x', 257), null)),
        ];
        Assert.Equal(keys.Length, keys.Distinct(StringComparer.Ordinal).Count());
        Assert.All(keys, key => Assert.Equal(PredictionKey.Length, key.Length));
    }

    [Property]
    public bool Equal_inputs_have_equal_keys_and_others_have_not(string? text, string? pair, byte[] image)
    {
        var here = new PredictionInput(text, pair, image);
        var same = new PredictionInput(text is null ? null : new string(text.AsSpan()), pair, image.ToArray());
        var other = new PredictionInput(text + "x", pair, image);
        var swapped = new PredictionInput(pair, text, image);
        return Key(here) == Key(same) && Key(here) != Key(other) && (text == pair || Key(here) != Key(swapped));
    }

    [Theory]
    [InlineData(1, 8)]
    [InlineData(8, 8)]
    [InlineData(9, 64)]
    [InlineData(65, int.MaxValue)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void What_is_kept_has_at_least_the_labels_wanted(int wanted, int kept) => Assert.Equal(kept, LabelTiers.Of(wanted));

    private static string Key(PredictionInput input) => PredictionKey.Of(Model, input, 8, false);
}
