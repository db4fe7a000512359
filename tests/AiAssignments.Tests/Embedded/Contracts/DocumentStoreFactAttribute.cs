namespace AiAssignments.Tests.Embedded.Contracts;

/// <summary>A fact of the document stores' contract. The integration tests compile the contract too, with an attribute of this name that asks for their server.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DocumentStoreFactAttribute : FactAttribute;
