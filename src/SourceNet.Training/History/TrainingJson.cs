using System.Text.Json.Serialization;

namespace SourceNet.Training;

/// <summary>Histories and the counters of checkpoints as JSON, without reflection.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(TrainingHistory))]
[JsonSerializable(typeof(TrainingCounters))]
internal sealed partial class TrainingJson : JsonSerializerContext;
