from django.urls import path

from answerable.customers.views import charge, contacts, merges, organisations, segments

urlpatterns = [
    path("customers/", contacts.contacts, name="customers"),
    path("customers/segments/", segments.segments, name="segments"),
    path("customers/segments/<int:pk>/", segments.segment, name="segment"),
    path("customers/segments/<int:pk>/removal/", segments.segment_removal, name="segment-removal"),
    path("contacts/new/", contacts.new_contact, name="contact-new"),
    path("contacts/<int:pk>/", contacts.contact, name="contact"),
    path("contacts/<int:pk>/addresses/", contacts.addresses, name="contact-addresses"),
    path("contacts/<int:pk>/merges/", merges.merges, name="contact-merges"),
    path("contacts/addresses/<int:pk>/removal/", contacts.address_removal, name="address-removal"),
    path("contacts/merges/<int:pk>/undoing/", merges.merge_undone, name="merge-undoing"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.new_organisation, name="organisation-new"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("team/<int:pk>/charge/", charge.charge, name="team-charge"),
    path("organisations/<int:pk>/removal/", organisations.organisation_removal, name="organisation-removal"),
]
