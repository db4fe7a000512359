namespace AiAssignments.Pipeline.Samples;

/// <summary>One sample model: from which data it is made, and how.</summary>
internal interface ISample
{
    /// <summary>Name of the model.</summary>
    string Name { get; }

    /// <summary>The data that it needs, for a person.</summary>
    string Needs { get; }

    /// <summary>Trains it; <c>null</c> when the data is not there.</summary>
    Task<SampleModel?> BuildAsync(SampleSources sources, SampleTraining training, CancellationToken cancellationToken);
}
