using AiAssignments.Core.Models;

namespace AiAssignments.Inference.Models;

/// <summary>What a user says about a model that its files do not, or say otherwise. Everything is optional; what is said wins.</summary>
public sealed record ModelOverrides
{
    /// <summary>Path of a <c>model-card.json</c> that lies elsewhere (<c>--card</c>).</summary>
    public string? CardPath { get; init; }

    /// <summary>Model name.</summary>
    public string? Name { get; init; }

    /// <summary>Model version.</summary>
    public string? Version { get; init; }

    /// <summary>What the model does.</summary>
    public ModelTask? Task { get; init; }

    /// <summary>Label names in the order of the outputs.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Folder of the tokenizer's files, where that is not the model's own.</summary>
    public string? TokenizerFolder { get; init; }

    /// <summary>Longest input in tokens.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Overlap in tokens of neighbouring windows, for token classification.</summary>
    public int? Stride { get; init; }

    /// <summary>Image width in pixels.</summary>
    public int? ImageWidth { get; init; }

    /// <summary>Image height in pixels.</summary>
    public int? ImageHeight { get; init; }

    /// <summary>Image channels, 1 or 3.</summary>
    public int? ImageChannels { get; init; }

    /// <summary><c>NCHW</c> or <c>NHWC</c>.</summary>
    public string? ImageLayout { get; init; }

    /// <summary><c>RGB</c> or <c>BGR</c>.</summary>
    public string? ImageChannelOrder { get; init; }

    /// <summary>Factor applied to the 0..255 sample.</summary>
    public double? ImageScale { get; init; }

    /// <summary>Mean per channel, after scaling.</summary>
    public IReadOnlyList<double>? ImageMean { get; init; }

    /// <summary>Standard deviation per channel, after scaling.</summary>
    public IReadOnlyList<double>? ImageStd { get; init; }

    /// <summary><c>stretch</c> or <c>shortest-edge-crop</c>.</summary>
    public string? ImageResize { get; init; }

    /// <summary>Whether anything is said about images.</summary>
    internal bool SaysImage =>
        ImageWidth is not null || ImageHeight is not null || ImageChannels is not null || ImageLayout is not null || ImageChannelOrder is not null
        || ImageScale is not null || ImageMean is not null || ImageStd is not null || ImageResize is not null;
}
