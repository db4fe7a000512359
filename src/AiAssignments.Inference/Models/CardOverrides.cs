using System.Globalization;
using System.Text;
using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Onnx.Inspection;

namespace AiAssignments.Inference.Models;

/// <summary>Puts what the user says over a card, or makes a card of it where there is none.</summary>
internal static class CardOverrides
{
    /// <summary>Stands for a version that is not known before the content is hashed.</summary>
    public const string VersionFromHash = "0.from-hash";

    public static ModelCard Apply(ModelCard? card, string name, string path, string tokenizerFolder, OnnxSignature signature, ModelOverrides said)
    {
        card ??= new ModelCard
        {
            Name = name,
            Version = VersionFromHash,
            Task = said.Task ?? throw Missing(path, "the task"),
            Labels = said.Labels ?? throw Missing(path, "the labels"),
        };
        card = card with
        {
            Name = said.Name ?? card.Name,
            Version = said.Version ?? card.Version,
            Task = said.Task ?? card.Task,
            Labels = said.Labels ?? card.Labels,
        };
        return card.Task == ModelTask.ImageClassification
            ? card with { Image = Image(card.Image, signature, said, path) }
            : card with { Tokenizer = Tokenizer(card.Tokenizer, tokenizerFolder, said, path) };
    }

    /// <summary>What is said, as text that goes into the content hash; empty when nothing is.</summary>
    public static string Describe(ModelOverrides said)
    {
        // Name, version and paths name things; they do not change a number.
        var plain = said with { Name = null, Version = null, CardPath = null, TokenizerFolder = null };
        return plain == new ModelOverrides() ? string.Empty : JsonSerializer.Serialize(plain);
    }

    /// <summary>A model name from a file's or a folder's.</summary>
    public static string NameFrom(string? file)
    {
        var name = new StringBuilder();
        foreach (var character in (file ?? string.Empty).ToLowerInvariant())
        {
            var fits = char.IsAsciiLetterOrDigit(character) || (name.Length > 0 && character is '.' or '_' or '-');
            if (name.Length < 64 && (fits || name.Length > 0))
            {
                name.Append(fits ? character : '-');
            }
        }

        return name.Length == 0 ? "model" : name.ToString().TrimEnd('-', '.');
    }

    private static TokenizerSpec Tokenizer(TokenizerSpec? spec, string folder, ModelOverrides said, string path)
    {
        spec ??= new TokenizerSpec(TokenizerFiles.NeedKind(folder), said.MaxLength ?? throw Missing(path, "the longest input (max length)"));
        return spec with { MaxLength = said.MaxLength ?? spec.MaxLength, Stride = said.Stride ?? spec.Stride };
    }

    private static ImagePreprocessing Image(ImagePreprocessing? image, OnnxSignature signature, ModelOverrides said, string path)
    {
        if (image is not null && !said.SaysImage)
        {
            return image;
        }

        image ??= FromGraph(signature, said, path);
        return image with
        {
            Width = said.ImageWidth ?? image.Width,
            Height = said.ImageHeight ?? image.Height,
            Channels = said.ImageChannels ?? image.Channels,
            Layout = said.ImageLayout ?? image.Layout,
            ChannelOrder = said.ImageChannelOrder ?? image.ChannelOrder,
            Scale = said.ImageScale ?? image.Scale,
            Mean = said.ImageMean ?? image.Mean,
            Std = said.ImageStd ?? image.Std,
            Resize = said.ImageResize ?? image.Resize,
        };
    }

    // A graph with fixed sizes tells its layout: the side with 1 or 3 is the channels.
    private static ImagePreprocessing FromGraph(OnnxSignature signature, ModelOverrides said, string path)
    {
        var shape = signature.Inputs is [{ Shape: { Count: 4 } found }] ? found.Select(size => (int?)size.Size).ToArray() : [null, null, null, null];
        var layout = said.ImageLayout
            ?? (shape[1] is 1 or 3 ? "NCHW" : shape[3] is 1 or 3 ? "NHWC" : throw Missing(path, "the image layout (NCHW or NHWC)"));
        var planes = layout == "NCHW";
        var channels = said.ImageChannels ?? (planes ? shape[1] : shape[3]) ?? throw Missing(path, "the image's channels");
        var height = said.ImageHeight ?? (planes ? shape[2] : shape[1]) ?? throw Missing(path, "the image's height");
        var width = said.ImageWidth ?? (planes ? shape[3] : shape[2]) ?? throw Missing(path, "the image's width");
        return new(
            width,
            height,
            channels,
            layout,
            "RGB",
            1.0 / 255,
            said.ImageMean ?? throw Missing(path, string.Create(CultureInfo.InvariantCulture, $"the image mean ({channels} numbers; 0 for none)")),
            said.ImageStd ?? throw Missing(path, string.Create(CultureInfo.InvariantCulture, $"the image std ({channels} numbers; 1 for none)")));
    }

    private static ProblemException Missing(string path, string what) =>
        new("model-card-missing", $"Nothing says {what}: give a card ({ModelCardJson.FileName} beside the graph, or --card FILE), or say it as an option.", path);
}
