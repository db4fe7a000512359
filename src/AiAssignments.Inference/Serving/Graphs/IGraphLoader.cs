using AiAssignments.Inference.Models;

namespace AiAssignments.Inference.Serving.Graphs;

/// <summary>Brings models into memory.</summary>
internal interface IGraphLoader
{
    /// <summary>Memory that the model will take, bytes.</summary>
    long Estimate(ModelPackage package);

    /// <summary>Loads it; not warmed.</summary>
    /// <exception cref="Core.Errors.ProblemException">It cannot be loaded, with the reason.</exception>
    IServedGraph Load(ModelPackage package);
}
