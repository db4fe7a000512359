namespace AiAssignments.Inference.Protocol;

/// <summary>A tensor as metadata tells it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Datatype">Its datatype's name in the protocol, for example <c>INT64</c>.</param>
/// <param name="Shape">Its dimensions; -1 for one that varies.</param>
public sealed record TensorDescription(string Name, string Datatype, IReadOnlyList<long> Shape);
