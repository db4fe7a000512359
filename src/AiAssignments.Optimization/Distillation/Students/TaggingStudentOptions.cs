namespace AiAssignments.Optimization.Distillation.Students;

/// <summary>A student that tags words: hashed features of each word, and a convolution over its neighbours.</summary>
public sealed record TaggingStudentOptions
{
    /// <summary>Hash buckets, 2 to 2^24. Default 32,768.</summary>
    public int Buckets { get; init; } = 32_768;

    /// <summary>Features a word, 1 to 64. Default 18, all that there are.</summary>
    public int IdsPerWord { get; init; } = 18;

    /// <summary>Numbers an embedding, 1 to 1,024. Default 16.</summary>
    public int Dimensions { get; init; } = 16;

    /// <summary>Words that the convolution sees at once; odd, 1 to 31. Default 5.</summary>
    public int WindowWords { get; init; } = 5;

    /// <summary>Filters of the convolution, 1 to 4,096. Default 64.</summary>
    public int Hidden { get; init; } = 64;

    /// <summary>Share of a word's features left out while training, 0 to less than 1. Default 0.2.</summary>
    public double IdDropout { get; init; } = 0.2;

    /// <summary>Share of the filters' outputs left out while training, 0 to less than 1. Default 0.2.</summary>
    public double Dropout { get; init; } = 0.2;

    /// <summary>Words that the student takes at once; longer sentences go in overlapping windows. Default 256.</summary>
    public int MaxWords { get; init; } = 256;
}
