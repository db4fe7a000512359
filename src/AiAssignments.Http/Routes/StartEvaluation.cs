using AiAssignments.Core.Evaluations;

namespace AiAssignments.Http.Routes;

/// <summary>Body that starts an evaluation.</summary>
/// <param name="Model">A model's name, for its active version, or <c>name@version</c>.</param>
/// <param name="Dataset">Id of the dataset.</param>
/// <param name="Options">What decides the numbers; the defaults where absent.</param>
/// <param name="ProfileMemory">Whether the memory of its activities is measured, for the report; not of an evaluation that was started before.</param>
internal sealed record StartEvaluation(string Model, string Dataset, EvaluationOptions? Options = null, bool ProfileMemory = false);
