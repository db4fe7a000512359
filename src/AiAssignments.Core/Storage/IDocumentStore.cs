namespace AiAssignments.Core.Storage;

/// <summary>JSON documents in containers, each with a partition and an id. Serialized by System.Text.Json in camelCase, enums as their wire names.</summary>
public interface IDocumentStore
{
    /// <summary>A point read; <c>null</c> when there is none.</summary>
    /// <typeparam name="T">The fact it holds.</typeparam>
    /// <param name="container">Container name, for example <c>evaluations</c>.</param>
    /// <param name="partition">Partition key.</param>
    /// <param name="id">Document id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<Document<T>?> FindAsync<T>(string container, string partition, string id, CancellationToken cancellationToken);

    /// <summary>Writes a document.</summary>
    /// <typeparam name="T">The fact it holds.</typeparam>
    /// <param name="container">Container name.</param>
    /// <param name="partition">Partition key.</param>
    /// <param name="id">Document id.</param>
    /// <param name="value">The fact.</param>
    /// <param name="ifMatch"><c>null</c>: whatever is there; <c>*none*</c> (<see cref="MustNotExist"/>): only if there is none; else only if the ETag is this.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="Errors.ProblemException"><c>document-conflict</c> when the condition does not hold; <c>document-invalid</c>: its id or its content is nothing that the store keeps; <c>storage-full</c>; <c>storage-locked</c> and <c>storage-busy</c>, which pass.</exception>
    Task<Document<T>> PutAsync<T>(string container, string partition, string id, T value, string? ifMatch, CancellationToken cancellationToken);

    /// <summary>Deletes a document; <c>false</c> when there was none.</summary>
    /// <param name="container">Container name.</param>
    /// <param name="partition">Partition key.</param>
    /// <param name="id">Document id.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<bool> DeleteAsync(string container, string partition, string id, CancellationToken cancellationToken);

    /// <summary>Deletes many documents of a partition with few requests. What is not there is passed over. Not all at once: a failure or a cancellation leaves some deleted.</summary>
    /// <param name="container">Container name.</param>
    /// <param name="partition">Partition key.</param>
    /// <param name="ids">Document ids, any number; one that is named twice counts once.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>How many there were.</returns>
    Task<int> DeleteManyAsync(string container, string partition, IReadOnlyCollection<string> ids, CancellationToken cancellationToken);

    /// <summary>One page of the documents of a partition.</summary>
    /// <typeparam name="T">The fact they hold.</typeparam>
    /// <param name="container">Container name.</param>
    /// <param name="partition">Partition key.</param>
    /// <param name="query">Filters, order, page.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="Errors.ProblemException"><c>query-invalid</c>; <c>continuation-invalid</c>: the token is not of this query.</exception>
    Task<DocumentPage<T>> QueryAsync<T>(string container, string partition, DocumentQuery query, CancellationToken cancellationToken);

    /// <summary>The <c>ifMatch</c> that means "only if there is none yet".</summary>
    const string MustNotExist = "*none*";
}
