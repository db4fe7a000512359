namespace AiAssignments.Optimization.Training.Networks;

/// <summary>Sizes of a <see cref="TaggingNetwork"/>.</summary>
/// <param name="Buckets">Ids that there are, padding (0) included.</param>
/// <param name="IdsPerWord">Ids of each word.</param>
/// <param name="Dimensions">Numbers an embedding.</param>
/// <param name="WindowWords">Words that the convolution sees at once; odd.</param>
/// <param name="Hidden">Filters of the convolution.</param>
/// <param name="Labels">Labels, 2 or more.</param>
/// <param name="IdDropout">Share of the ids left out of a word while training, 0 to less than 1.</param>
/// <param name="Dropout">Share of the filters' outputs left out while training.</param>
public sealed record TaggingNetworkOptions(
    int Buckets, int IdsPerWord, int Dimensions, int WindowWords, int Hidden, int Labels, float IdDropout = 0, float Dropout = 0);
