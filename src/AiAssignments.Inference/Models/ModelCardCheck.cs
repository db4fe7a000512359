using System.Text.RegularExpressions;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;

namespace AiAssignments.Inference.Models;

/// <summary>Holds a card against its own rules; a card from a file, from options or from an export all pass here.</summary>
internal static partial class ModelCardCheck
{
    public const int LongestInput = 1 << 20;
    public const int LargestImage = 8192;
    public const int MostLabels = 100_000;
    private const int MostTags = 4096;

    public static void Check(ModelCard card, string where)
    {
        Need(NamePattern().IsMatch(card.Name), where, "name", $"is '{card.Name}'; use 1 to 64 lower-case letters, digits, '-', '_' and '.', beginning with a letter or digit");
        Need(VersionPattern().IsMatch(card.Version), where, "version", $"is '{card.Version}'; use 1 to 64 letters, digits, '-', '_', '+' and '.'");
        Need(card.Labels.Count is >= 2 and <= MostLabels, where, "labels", $"has {card.Labels.Count} names; a classifier has at least 2 (and at most {MostLabels})");
        Need(
            card.Task != ModelTask.TokenClassification || card.Labels.Count <= MostTags,
            where,
            "labels",
            $"has {card.Labels.Count} names; a tagger, which gives a probability for each word and label, has at most {MostTags}");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var label in card.Labels)
        {
            Need(label.Length is > 0 and <= 1000, where, "labels", "has a name that is empty or longer than 1,000 characters");
            Need(seen.Add(label), where, "labels", $"has '{label}' twice");
        }

        if (card.Task == ModelTask.ImageClassification)
        {
            Image(card.Image ?? throw Wrong(where, "image", "is missing; an image model needs its width, height, channels, mean and std"), where);
        }
        else
        {
            Tokenizer(card.Tokenizer ?? throw Wrong(where, "tokenizer", "is missing; a text model needs its kind and maxLength"), where);
        }
    }

    private static void Tokenizer(TokenizerSpec spec, string where)
    {
        Need(spec.Kind is "huggingface" or "wordpiece" or "bpe" or "hashed-ngrams", where, "tokenizer.kind", $"is '{spec.Kind}'; use huggingface, wordpiece, bpe or hashed-ngrams");
        Need(spec.MaxLength is >= 1 and <= LongestInput, where, "tokenizer.maxLength", $"is {spec.MaxLength}; use 1 to {LongestInput}");
        Need(spec.Stride is null || (spec.Stride >= 0 && spec.Stride <= spec.MaxLength / 2), where, "tokenizer.stride", $"is {spec.Stride}; use 0 to half of maxLength ({spec.MaxLength / 2})");
        Need(spec.Kind != "hashed-ngrams" || spec.HashedNGrams is not null, where, "tokenizer.hashedNGrams", "is missing; a hashed-ngrams tokenizer needs it");
    }

    private static void Image(ImagePreprocessing image, string where)
    {
        Need(image.Width is >= 1 and <= LargestImage && image.Height is >= 1 and <= LargestImage, where, "image.width and image.height", $"are {image.Width} x {image.Height}; use 1 to {LargestImage}");
        Need(image.Channels is 1 or 3, where, "image.channels", $"is {image.Channels}; use 1 (grey) or 3");
        Need(image.Layout is "NCHW" or "NHWC", where, "image.layout", $"is '{image.Layout}'; use NCHW or NHWC");
        Need(image.ChannelOrder is "RGB" or "BGR", where, "image.channelOrder", $"is '{image.ChannelOrder}'; use RGB or BGR");
        Need(image.Resize is "stretch" or "shortest-edge-crop", where, "image.resize", $"is '{image.Resize}'; use stretch or shortest-edge-crop");
        Need(image.Resample is "nearest" or "bilinear" or "bicubic", where, "image.resample", $"is '{image.Resample}'; use nearest, bilinear or bicubic");
        Need(double.IsFinite(image.Scale) && image.Scale > 0, where, "image.scale", "must be a number above 0");
        Need(image.Mean.Count == image.Channels, where, "image.mean", $"has {image.Mean.Count} values; one for each of the {image.Channels} channels is needed");
        Need(image.Std.Count == image.Channels, where, "image.std", $"has {image.Std.Count} values; one for each of the {image.Channels} channels is needed");
        Need(image.Mean.All(double.IsFinite), where, "image.mean", "must be finite numbers");
        Need(image.Std.All(std => double.IsFinite(std) && std > 0), where, "image.std", "must be numbers above 0");
        var least = Math.Max(image.Width, image.Height);
        Need(
            image.Resize == "stretch" || image.ShortestEdge is not { } edge || (edge >= least && edge <= LargestImage),
            where,
            "image.shortestEdge",
            $"is {image.ShortestEdge}; the crop of {image.Width} x {image.Height} needs at least {least}");
    }

    private static void Need(bool holds, string where, string property, string otherwise)
    {
        if (!holds)
        {
            throw Wrong(where, property, otherwise);
        }
    }

    private static ProblemException Wrong(string where, string property, string what) => new(ModelCardJson.Code, $"'{property}' {what}.", where);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}\z")]
    private static partial Regex VersionPattern();
}
