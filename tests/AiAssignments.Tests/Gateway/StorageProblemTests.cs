using System.Text.Json;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Storage;
using AiAssignments.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiAssignments.Tests.Gateway;

/// <summary>What a store's faults are to a caller: 503 and when to come back where they pass, and never where the store stands.</summary>
public sealed class StorageProblemTests
{
    public static TheoryData<Exception, int, string, string?> Faults { get; } = new()
    {
        { new StorageFaultException("The blob service answered 503 ServerBusy for staged/secret-name.") { RetryAfter = TimeSpan.FromSeconds(6.2) }, 503, "storage-busy", "7" },
        { new StorageFaultException("The blob service cannot be reached: no such host secret-name."), 503, "storage-busy", "1" },
        { new ProblemException("storage-busy", "Cosmos DB is asked for more than it may give.") { RetryAfter = TimeSpan.FromSeconds(3) }, 503, "storage-busy", "3" },
        { new ProblemException("storage-locked", "The database is locked."), 503, "storage-locked", "1" },
        { new ProblemException("storage-unreachable", "No blob service answers."), 503, "storage-unreachable", "1" },
        { new ProblemException("storage-unavailable", "There is no such container."), 503, "storage-unavailable", null },
        { new ProblemException("storage-denied", "The identity needs a role."), 500, "storage-denied", null },
        { new ProblemException("storage-full", "The disk is full."), 507, "storage-full", null },
        { new IOException("secret-name"), 500, "internal-error", null },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_a_problem_with_its_status_and_its_wait(Exception fault, int status, string code, string? wait)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        await new ProblemMiddleware(_ => throw fault, NullLogger<ProblemMiddleware>.Instance).InvokeAsync(context);

        var answer = JsonDocument.Parse(body.ToArray()).RootElement;
        Assert.Equal((status, status, code), (context.Response.StatusCode, answer.GetProperty("status").GetInt32(), answer.GetProperty("code").GetString()));
        Assert.Equal(wait, (string?)context.Response.Headers.RetryAfter);
        Assert.DoesNotContain("secret-name", answer.GetRawText(), StringComparison.Ordinal);
    }
}
