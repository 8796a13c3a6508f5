using System.Text.Json;
using System.Text.Json.Serialization;
using SourceNet.Sweep.Grid;

namespace SourceNet.Sweep.Clusters;

/// <summary>An indexed Job of Kubernetes with a completion for each trial.</summary>
internal static class KubernetesJob
{
    /// <param name="sweep">The sweep.</param>
    /// <param name="file">The name of its file on the volume.</param>
    /// <param name="parallel">How many trials run at once at most.</param>
    /// <exception cref="SweepException">The sweep does not say which image and claim.</exception>
    public static string Of(SweepFile sweep, string file, int parallel)
    {
        if (sweep.Kubernetes is not { Image.Length: > 0, Claim.Length: > 0 } place)
        {
            throw new SweepException("expected \"kubernetes\": { \"image\": ..., \"claim\": ... } in the sweep: a container with the program, .NET and "
                + "sourcenet-sweep, and a volume claim with the sweep's file; found none");
        }

        var trials = new Plan(sweep).Count;
        var memory = sweep.MemoryMiB is { } mebibytes ? $"\n            memory: {mebibytes}Mi" : "";
        return $"""
            # All trials of the sweep '{sweep.Name}': kubectl apply -f {sweep.Name}.yaml
            # Afterwards, on the volume: sourcenet-sweep results {CommentText.Of(file)}. What has a result is not run again.
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: {sweep.Name}
            spec:
              completionMode: Indexed
              completions: {trials}
              parallelism: {Math.Min(parallel, trials)}
              # The tool itself runs a failed trial again; this is for a node that goes away.
              backoffLimitPerIndex: 1
              maxFailedIndexes: {trials}
              template:
                spec:
                  restartPolicy: Never
                  containers:
                  - name: trial
                    image: {Quoted(place.Image)}
                    workingDir: /sweep
                    command: ["sourcenet-sweep", "trial", {Quoted(Literal(file))}, "--index", "$(JOB_COMPLETION_INDEX)"]
                    resources:
                      requests:
                        cpu: "{sweep.Cores}"{memory}
                      limits:
                        cpu: "{sweep.Cores}"{memory}
                    volumeMounts:
                    - name: sweep
                      mountPath: /sweep
                  volumes:
                  - name: sweep
                    persistentVolumeClaim:
                      claimName: {Quoted(place.Claim)}

            """;
    }

    /// <summary>Kubernetes puts variables in where <c>$(NAME)</c> stands.</summary>
    private static string Literal(string text) => text.Replace("$", "$$", StringComparison.Ordinal);

    private static string Quoted(string text) => JsonSerializer.Serialize(text, KubernetesJson.Default.String);
}

/// <summary>A text of JSON is one of YAML too, whatever is in it.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class KubernetesJson : JsonSerializerContext;
