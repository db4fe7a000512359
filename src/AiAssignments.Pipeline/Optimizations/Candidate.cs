using AiAssignments.Evaluation.Results;
using AiAssignments.Pipeline.Evaluations;

namespace AiAssignments.Pipeline.Optimizations;

/// <summary>A version that a pass made, registered but not served.</summary>
/// <param name="Reference">As <c>name@version</c>.</param>
/// <param name="Pass">What the lineage says.</param>
/// <param name="LeftAlone">Nodes left in float because of their sensitivity.</param>
/// <param name="MoreAttempts">Whether another attempt could leave more in float.</param>
/// <param name="Evaluation">Its evaluation on the gate dataset.</param>
/// <param name="Facts">What the pass did, in numbers.</param>
/// <param name="Notes">And in sentences.</param>
/// <param name="Learning">For a trained version: how it learned.</param>
public sealed record Candidate(
    string Reference,
    string Pass,
    IReadOnlyList<string> LeftAlone,
    bool MoreAttempts,
    EvaluationRequest Evaluation,
    IReadOnlyList<OptimizationFact> Facts,
    IReadOnlyList<string> Notes,
    IReadOnlyList<LearningPoint>? Learning);

/// <summary>A candidate after the gate.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Accepted">Whether the gate let it through.</param>
/// <param name="Verdict">One sentence that says why.</param>
/// <param name="Difference">Headline metric minus the old version's, with its paired interval.</param>
public sealed record JudgedCandidate(Candidate Candidate, bool Accepted, string Verdict, MetricEstimate Difference);
