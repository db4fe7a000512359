namespace AiAssignments.Optimization.Training.Networks;

/// <summary>Sizes of a <see cref="ConvolutionNetwork"/>.</summary>
/// <param name="Channels">Channels of the image, 1 or more.</param>
/// <param name="Height">Rows; at least 2 to the power of the number of stages less one.</param>
/// <param name="Width">Columns; as for rows.</param>
/// <param name="Stages">One a resolution; each but the last ends with 2 x 2 max pooling.</param>
/// <param name="Labels">Labels, 2 or more.</param>
/// <param name="Dropout">Share of the last stage's means left out while training, 0 to less than 1. Default 0.</param>
public sealed record ConvolutionNetworkOptions(
    int Channels, int Height, int Width, IReadOnlyList<ConvolutionStage> Stages, int Labels, float Dropout = 0);
