using AiAssignments.Optimization.Training;

namespace AiAssignments.Pipeline.Samples;

/// <summary>Where the building of sample models stands.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Step">What is being done, for a person.</param>
/// <param name="Epoch">Set after each epoch of training.</param>
public sealed record SampleBuildProgress(string Model, string Step, TrainingProgress? Epoch = null);
