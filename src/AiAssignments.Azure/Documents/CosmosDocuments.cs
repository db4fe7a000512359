using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using Azure.Core;
using Azure.Identity;
using Microsoft.Azure.Cosmos;

namespace AiAssignments.Azure.Documents;

/// <summary>Opens the document store on Cosmos DB.</summary>
public static class CosmosDocuments
{
    /// <summary>
    /// Makes the client and the store over it; nothing is sent yet. To be called once a process: a client holds connections, the account's regions,
    /// and the session that lets the process read what it wrote.
    /// </summary>
    /// <param name="settings">Where, and how.</param>
    /// <param name="credential">Gives tokens of Entra ID; <c>null</c>: <see cref="DefaultAzureCredential"/>, whose identity <c>AZURE_CLIENT_ID</c> names. Not used with an emulator.</param>
    /// <exception cref="ProblemException"><c>option-invalid</c>.</exception>
    public static CosmosDocumentStore Connect(CosmosSettings settings, TokenCredential? credential = null) => Connect(settings, credential, null);

    /// <summary>As above, over HTTP of the caller's.</summary>
    internal static CosmosDocumentStore Connect(CosmosSettings settings, TokenCredential? credential, Func<HttpClient>? http)
    {
        settings.Check();
        var options = new CosmosClientOptions
        {
            ApplicationName = "ai-assignments",
            ConnectionMode = settings.ConnectionMode,
            ConsistencyLevel = settings.ConsistencyLevel,
            EnableContentResponseOnWrite = false,
            MaxRetryAttemptsOnRateLimitedRequests = 9,
            MaxRetryWaitTimeOnRateLimitedRequests = TimeSpan.FromSeconds(15),
            UseSystemTextJsonSerializerWithOptions = DocumentJson.Options,
            HttpClientFactory = http,
        };
        if (settings.IsEmulator)
        {
            // It calls itself by whatever name it has inside its container.
            options.LimitToEndpoint = true;
        }
        else if (settings.PreferredRegions.Count > 0)
        {
            options.ApplicationPreferredRegions = settings.PreferredRegions;
        }

        return new CosmosDocumentStore(Client(settings, credential, options), settings.Database, settings.IsEmulator);
    }

    private static CosmosClient Client(CosmosSettings settings, TokenCredential? credential, CosmosClientOptions options)
    {
        try
        {
            return settings.AccountEndpoint is { } endpoint
                ? new CosmosClient(endpoint.AbsoluteUri, credential ?? new DefaultAzureCredential(), options)
                : new CosmosClient(settings.ConnectionString, options);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // Not quoted: it may speak of the key.
            throw new ProblemException(new Problem("option-invalid", "The settings Cosmos__... cannot be used: a connection string is like AccountEndpoint=http://localhost:8081/;AccountKey=..., with a key in Base64."), error);
        }
    }
}
