namespace AiAssignments.Optimization.Training.Networks;

/// <summary>Sizes of a <see cref="TextNetwork"/>.</summary>
/// <param name="Buckets">Ids that there are, padding (0) included.</param>
/// <param name="Dimensions">Numbers an embedding.</param>
/// <param name="Hidden">Units of the hidden layer; 0 for none.</param>
/// <param name="Labels">Labels, 2 or more.</param>
/// <param name="IdDropout">Share of the ids left out of an example while training, 0 to less than 1.</param>
/// <param name="Dropout">Share of the hidden units (or of the mean embedding) left out while training.</param>
public sealed record TextNetworkOptions(int Buckets, int Dimensions, int Hidden, int Labels, float IdDropout = 0, float Dropout = 0);
