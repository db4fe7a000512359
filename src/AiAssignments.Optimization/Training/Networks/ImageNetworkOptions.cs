namespace AiAssignments.Optimization.Training.Networks;

/// <summary>Sizes of an <see cref="ImageNetwork"/>.</summary>
/// <param name="Channels">Channels of the image.</param>
/// <param name="Height">Rows, 4 or more.</param>
/// <param name="Width">Columns, 4 or more.</param>
/// <param name="FirstFilters">Filters of the first convolution.</param>
/// <param name="SecondFilters">Filters of the second.</param>
/// <param name="Hidden">Units of the hidden layer.</param>
/// <param name="Labels">Labels, 2 or more.</param>
/// <param name="Dropout">Share of the hidden units left out while training, 0 to less than 1.</param>
public sealed record ImageNetworkOptions(
    int Channels, int Height, int Width, int FirstFilters, int SecondFilters, int Hidden, int Labels, float Dropout = 0);
