using AiAssignments.Optimization.Training.Networks;

namespace AiAssignments.Optimization.Distillation.Students;

/// <summary>A student that classifies images: a small convolutional network.</summary>
public sealed record ImageStudentOptions
{
    /// <summary>Input width in pixels, 4 to 256; <c>null</c> (default): the teacher's, at most 64.</summary>
    public int? Width { get; init; }

    /// <summary>Input height in pixels, 4 to 256; <c>null</c> (default): the teacher's, at most 64.</summary>
    public int? Height { get; init; }

    /// <summary>The network's stages, 1 to 6; 2 x 2 pooling stands between them. Default: 24, 48 and 96 filters, the last with one residual convolution.</summary>
    public IReadOnlyList<ConvolutionStage> Stages { get; init; } = [new(24), new(48), new(96, Residual: 1)];

    /// <summary>Share of the last means left out while training, 0 to less than 1. Default 0.1.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Copies of each image that are learned from, the image itself among them, 1 to 64; the teacher answers each. Default 8.</summary>
    public int Copies { get; init; } = 8;

    /// <summary>Copies are mirrored left to right at random. Default <c>true</c>; not for digits or letters.</summary>
    public bool Flip { get; init; } = true;

    /// <summary>Copies are shifted by at most this share of the width and the height, the border being mirrored, 0 to 0.5. Default 0.125.</summary>
    public double Shift { get; init; } = 0.125;
}
