namespace AiAssignments.Pipeline.Models.Quality;

/// <summary>One page of models.</summary>
/// <param name="Items">The models, in the order asked for.</param>
/// <param name="Continuation">Opaque token for the next page; <c>null</c> at the end.</param>
public sealed record ModelPage(IReadOnlyList<ListedModel> Items, string? Continuation);

/// <summary>A model in a list.</summary>
/// <param name="Active">The version that its name stands for; its quality is the model's.</param>
/// <param name="Versions">All its versions, by registration; the active one is among them.</param>
public sealed record ListedModel(ModelVersion Active, IReadOnlyList<ModelVersion> Versions);
