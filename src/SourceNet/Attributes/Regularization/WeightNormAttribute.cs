namespace SourceNet;

/// <summary>Learns each unit's weights as a length and a direction, <c>w = g · v / ‖v‖</c> (Salimans and Kingma 2016).</summary>
/// <remarks>On the class: for every block's weights.</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class WeightNormAttribute : Attribute;
